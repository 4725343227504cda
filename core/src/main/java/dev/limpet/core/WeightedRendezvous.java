package dev.limpet.core;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Gives each key the same backend as long as the set of backends and their weights do not change,
 * on every proxy with the same {@link KeyHasher} secret. A change moves only the keys that must
 * move. Weights hold on average. A request without a key gets a random backend by weight.
 */
public final class WeightedRendezvous implements Balancer {

  /** Makes the policy. */
  public WeightedRendezvous() {}

  @Override
  public Picker picker(List<Backend> eligible, List<Load> loads) {
    Rendezvous rendezvous = new Rendezvous(eligible);
    return key -> {
      long chosen =
          (key != KeyExtractor.NONE) ? key : ThreadLocalRandom.current().nextLong();
      Backend backend = rendezvous.choose(chosen, any -> false);
      return (backend != null) ? backend : eligible.get(0);
    };
  }

  @Override
  public boolean picksByKey() {
    return true;
  }

  @Override
  public String name() {
    return "weighted-rendezvous";
  }
}
