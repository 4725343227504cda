package dev.limpet.core;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The owner of holds: a router or, if a session may not outlive a certain age, that session.
 * Immutable.
 */
final class Holder {
  private final Pool pool;
  private final LongAdder abandoned;
  private final @Nullable StickyTable table;
  private final boolean limited;
  private final long begun;
  private final boolean ages;

  private Holder(
      Pool pool,
      LongAdder abandoned,
      @Nullable StickyTable table,
      boolean limited,
      long begun,
      boolean ages) {
    this.pool = pool;
    this.abandoned = abandoned;
    this.table = table;
    this.limited = limited;
    this.begun = begun;
    this.ages = ages;
  }

  /**
   * Makes the owner of a router's holds.
   *
   * @param abandoned counts the routes that were not closed
   * @param table the table in which open routes keep bindings; null to keep none
   * @param limited whether sessions end by their age
   */
  Holder(Pool pool, LongAdder abandoned, @Nullable StickyTable table, boolean limited) {
    this(pool, abandoned, table, limited, 0, false);
  }

  /**
   * Makes the hold of a route that is being made.
   *
   * @param key the key of the route's session, or none
   */
  Hold hold(Route route, Member member, long key) {
    Holder owner = (table == null || key == KeyExtractor.NONE) ? this : keeping(table, key);
    Hold hold = new Hold(route, owner, member, key);
    pool.heldRoutes().add(hold);
    return hold;
  }

  /** {@return the owner for a session; it knows the session's age if that matters} */
  Holder keeping(StickyTable kept, long key) {
    Duration age = kept.age(key);
    if (age != null) {
      return begun(kept, now() - age.toNanos());
    }
    Hold open = limited ? routes().find(kept, key) : null;
    if (open != null && open.holder().ages) {
      return begun(kept, open.holder().begun);
    }
    return (kept.equals(table) && !ages) ? this : new Holder(pool, abandoned, kept, limited);
  }

  private Holder begun(StickyTable kept, long at) {
    return new Holder(pool, abandoned, kept, limited, at, true);
  }

  HeldRoutes routes() {
    return pool.heldRoutes();
  }

  @Nullable
  StickyTable table() {
    return table;
  }

  /** {@return the age of the session; null if it does not matter} */
  @Nullable
  Duration age() {
    return ages ? Duration.ofNanos(now() - begun) : null;
  }

  void countAbandoned() {
    abandoned.increment();
  }

  private long now() {
    return pool.environment().clock().nanos();
  }
}
