package dev.limpet.l7;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The statistics of the affinities that a router had before its present one. The last of them is
 * still counting, because requests that have a route end with it. Later counts of those before it
 * are not added. So the numbers never fall, and a router that changes often keeps the counts of
 * only one earlier affinity, without its table. Immutable.
 *
 * @param before the statistics of the affinities before the last one
 * @param last the statistics of the last affinity, which may still change; null if absent
 */
record EarlierResponses(ResponseStats before, @Nullable Supplier<ResponseStats> last) {

  /** No affinity. */
  static final EarlierResponses NONE = new EarlierResponses(ResponseStats.NONE, null);

  /**
   * {@return the statistics of these affinities and of one more earlier one}
   *
   * @param previous the affinity whose earlier ones these are
   * @param next the other affinity; may be the same as the previous one
   */
  @SuppressWarnings("ReferenceEquality") // each affinity counts by itself
  EarlierResponses and(HttpAffinity<?, ?> previous, HttpAffinity<?, ?> next) {
    return (previous == next) ? this : new EarlierResponses(stats(), previous.responses());
  }

  /** {@return the statistics of these and of the present affinity} */
  ResponseStats and(ResponseStats present) {
    return (last == null) ? present : stats().plus(present);
  }

  private ResponseStats stats() {
    return (last == null) ? before : before.plus(last.get());
  }
}
