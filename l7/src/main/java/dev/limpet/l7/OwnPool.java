package dev.limpet.l7;

import dev.limpet.core.Pool;

/** Checks that an affinity whose tokens belong to a pool is used with that pool. */
final class OwnPool {
  private OwnPool() {}

  /**
   * Accepts only the affinity's own pool, because it makes tokens from that pool's backends.
   *
   * @param own the affinity's pool
   * @param routed the router's pool
   * @throws IllegalArgumentException if they are not the same object
   */
  static void check(Pool own, Pool routed) {
    if (routed != own) {
      String expected = routed.name().equals(own.name())
          ? "the affinity's own Pool object, not another one of that name"
          : "the affinity's own, " + own.name();
      throw new IllegalArgumentException(
          "pool: " + routed.name() + " (expected: " + expected + ")");
    }
  }
}
