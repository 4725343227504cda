package dev.limpet.core.affinity;

/**
 * The permission to bind a key. Immutable.
 *
 * @param group the group of the key
 * @param at when the key was admitted
 * @param requests the number of requests that it was admitted for and that have not been routed yet
 * @param binds the number of binds of it that are under way
 * @param isBound whether one of them has bound it
 * @param <G> the type of the group
 */
record Reservation<G>(G group, long at, int requests, int binds, boolean isBound) {

  /** {@return the first reservation of a key} */
  static <G> Reservation<G> of(G group, long at) {
    return new Reservation<>(group, at, 1, 0, false);
  }

  /** {@return this, with another request} */
  Reservation<G> joined() {
    return new Reservation<>(group, at, requests + 1, binds, isBound);
  }

  /** {@return this, without a request that has been routed} */
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

  /** {@return this, for a key that has been bound} */
  Reservation<G> bound() {
    return new Reservation<>(group, at, requests, binds, true);
  }

  /** Returns whether no request and no bind remains that could bind the key. */
  boolean isOver() {
    return requests <= 0 && binds == 0;
  }
}
