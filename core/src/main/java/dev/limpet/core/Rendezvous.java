package dev.limpet.core;

import dev.limpet.core.internal.SplitMix;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The weighted rendezvous choice among a fixed set of backends. Immutable. */
final class Rendezvous {
  /*
   * Each backend draws a number u in (0, 1) that depends only on the key and its name, and the
   * backend with the greatest weight / -ln(u) wins. So backend i wins with probability w(i) /
   * sum(w), and a change of the set moves only those keys whose winner changed [1]. All processes
   * with the same names and weights choose the same backend, regardless of the order, hence
   * StrictMath. The key is already a keyed hash, so an attacker cannot aim at a backend by choosing
   * it.
   *
   * [1] Schindelhauer and Schomaker, Weighted Distributed Hash Tables, SPAA 2005
   */

  private final List<Backend> backends;
  private final long[] seeds;

  Rendezvous(List<Backend> backends) {
    this.backends = backends;
    this.seeds = backends.stream().mapToLong(backend -> seed(backend.name())).toArray();
  }

  /** {@return the choice among the backends that are not excluded, or null if all are} */
  @Nullable
  Backend choose(long key, Predicate<Backend> excluded) {
    Backend best = null;
    double bestScore = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < seeds.length; i++) {
      Backend backend = backends.get(i);
      if (excluded.test(backend)) {
        continue;
      }
      double score = backend.weight() / -StrictMath.log(draw(key, seeds[i]));
      if (best == null
          || score > bestScore
          || (score == bestScore && backend.name().compareTo(best.name()) < 0)) {
        best = backend;
        bestScore = score;
      }
    }
    return best;
  }

  /** {@return a uniformly distributed number in (0, 1) that depends on both arguments} */
  private static double draw(long key, long seed) {
    long bits = SplitMix.mix(key ^ seed) >>> 12;
    return (bits + 0.5) * 0x1.0p-52;
  }

  /** {@return a mixed FNV-1a hash of the name's characters, which is the same in every process} */
  private static long seed(String name) {
    long hash = 0xcbf29ce484222325L;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * 0x100000001b3L;
    }
    return SplitMix.mix(hash);
  }
}
