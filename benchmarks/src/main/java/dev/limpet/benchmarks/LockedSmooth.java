package dev.limpet.benchmarks;

import dev.limpet.core.Backend;
import dev.limpet.core.Picker;
import java.util.List;

/** Smooth weighted round robin under a lock, as in nginx: each pick visits all backends. */
final class LockedSmooth implements Picker {
  private final Backend[] backends;
  private final int[] credits;
  private final int total;

  LockedSmooth(List<Backend> backends) {
    this.backends = backends.toArray(Backend[]::new);
    this.credits = new int[backends.size()];
    this.total = backends.stream().mapToInt(Backend::weight).sum();
  }

  @Override
  public synchronized Backend pick(long key) {
    int best = 0;
    for (int i = 0; i < credits.length; i++) {
      credits[i] += backends[i].weight();
      if (credits[i] > credits[best]) {
        best = i;
      }
    }
    credits[best] -= total;
    return backends[best];
  }
}
