package dev.limpet.core.affinity;

/**
 * That a key may be bound. Immutable.
 *
 * @param group whose key it is
 * @param at when it was admitted
 * @param requests how many requests it was admitted for that have not been placed yet
 * @param binds how many binds of it are under way
 * @param isBound whether one of them has bound it
 * @param <G> the type of the group
 */
record Reservation<G>(G group, long at, int requests, int binds, boolean isBound) {

  /** {@return the first of a key} */
  static <G> Reservation<G> of(G group, long at) {
    return new Reservation<>(group, at, 1, 0, false);
  }

  /** {@return this, for another request too} */
  Reservation<G> joined() {
    return new Reservation<>(group, at, requests + 1, binds, isBound);
  }

  /** {@return this, without a request that has been placed} */
  Reservation<G> left() {
    return new Reservation<>(group, at, requests - 1, binds, isBound);
  }

  /** {@return this, with another bind under way} */
  Reservation<G> asking() {
    return new Reservation<>(group, at, requests, binds + 1, isBound);
  }

  /** {@return this, without a bind that has been answered} */
  Reservation<G> answered() {
    return new Reservation<>(group, at, requests, binds - 1, isBound);
  }

  /** {@return this, of a key that has been bound} */
  Reservation<G> bound() {
    return new Reservation<>(group, at, requests, binds, true);
  }

  /** {@return whether nobody is left who could bind the key} */
  boolean isOver() {
    return requests <= 0 && binds == 0;
  }
}
