package dev.limpet.shared;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The model keeps what stores promise: what is shown with it holds with every store that keeps it
 * too.
 */
class ModelStoreTest extends BindingStoreContract {
  private final ModelTime time = new ModelTime();
  private final Map<String, ModelStore> pools = new HashMap<>();
  private final List<ModelLink> links = new ArrayList<>();

  @Override
  protected BindingStore newStore(String pool) {
    ModelLink link =
        pools.computeIfAbsent(pool, any -> new ModelStore(time, SLIDING)).link();
    links.add(link);
    return link;
  }

  @Override
  protected boolean interrupt() {
    links.forEach(ModelLink::cut);
    links.forEach(ModelLink::heal);
    return true;
  }

  @Override
  protected boolean tellsOnceAndInOrder() {
    return true;
  }

  @Override
  protected Instant now() {
    return time.instant();
  }

  @Override
  protected void elapse(Duration passed) {
    time.pass(passed);
  }
}
