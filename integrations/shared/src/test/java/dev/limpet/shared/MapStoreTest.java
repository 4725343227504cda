package dev.limpet.shared;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** The example keeps what stores promise. */
class MapStoreTest extends BindingStoreContract {
  private final Map<String, MapStore> pools = new HashMap<>();

  @Override
  protected BindingStore newStore(String pool) {
    return pools.computeIfAbsent(pool, any -> new MapStore(InstantSource.system()));
  }

  @Override
  protected boolean interrupt() {
    pools.values().forEach(MapStore::restart);
    return true;
  }
}
