package dev.limpet.core;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.PhantomReference;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A connection that a route holds, and the session whose binding the route keeps. Thread-safe. */
final class Hold extends PhantomReference<Route> implements Comparable<Hold> {
  /*
   * All open routes of a session have the same hash. There may be many, for example behind an
   * address translator. The map then sorts them, so they must be comparable.
   *
   * The holder and the key are not volatile, because that would cost each request two fences. They
   * change between the removal from the map and the next addition, which publish them to all
   * threads that find the hold there. A thread that closes the route in between records a use of
   * either the old or the new session.
   *
   * A hold without a session has a random key, because an identity hash takes longer to compute.
   */

  private static final VarHandle RELEASED;
  private static final VarHandle KEEPS_NOTHING;
  private static final VarHandle FAILED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      RELEASED = lookup.findVarHandle(Hold.class, "released", boolean.class);
      KEEPS_NOTHING = lookup.findVarHandle(Hold.class, "keepsNothing", boolean.class);
      FAILED = lookup.findVarHandle(Hold.class, "failed", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Member member;
  private Holder holder;
  private long key;
  private volatile boolean keepsNothing;

  @SuppressWarnings("UnusedVariable") // used by its handle
  private volatile boolean released;

  @SuppressWarnings("UnusedVariable") // used by its handle
  private volatile boolean failed;

  /**
   * Makes a hold of an acquired connection.
   *
   * @param key the key of the session whose binding is kept, or none
   */
  Hold(Route route, Holder holder, Member member, long key) {
    super(route, holder.routes().forgotten());
    this.member = member;
    this.holder = holder;
    if (key == KeyExtractor.NONE) {
      KEEPS_NOTHING.set(this, true);
      this.key = ThreadLocalRandom.current().nextLong();
    } else {
      this.key = key;
    }
  }

  /** Records a use of the session and releases the connection, unless it was released before. */
  void release() {
    if (RELEASED.compareAndSet(this, false, true)) {
      try {
        recordUse();
      } finally {
        end();
      }
    }
  }

  /** Returns whether no failure of the route was reported before. */
  boolean mayReportFailure() {
    return FAILED.compareAndSet(this, false, true);
  }

  /** Releases the connection of an unreachable route. */
  void abandon() {
    if (RELEASED.compareAndSet(this, false, true)) {
      end();
      holder.countAbandoned();
    }
  }

  /** Looks the session up, which takes no object, and renews it only if that finds nothing. */
  private void recordUse() {
    StickyTable table = holder.table();
    if (table != null && !keepsNothing && table.lookup(key) == null) {
      renew();
    }
  }

  private void end() {
    holder.routes().remove(this);
    member.load().release();
  }

  /** Returns whether this hold keeps a session's binding. */
  boolean keeps(StickyTable table, long session) {
    return key == session && !keepsNothing && table.equals(holder.table());
  }

  /** Keeps the binding of a session that began while this hold was open. */
  synchronized void keep(StickyTable table, long session) {
    HeldRoutes routes = holder.routes();
    routes.remove(this);
    holder = holder.keeping(table, session);
    key = session;
    keepsNothing = false;
    routes.add(this);
    if (released) {
      routes.remove(this);
    }
  }

  /** Stops this hold and all others of the session from keeping its binding. */
  void letGo() {
    StickyTable table = holder.table();
    if (table != null && !keepsNothing) {
      holder.routes().letGo(table, key);
    }
  }

  /** Lets no hold keep a session's binding any longer. */
  void letGo(StickyTable table, long session) {
    holder.routes().letGo(table, session);
  }

  /** Returns whether this hold keeps a session's binding; one in a cookie needs no keeping. */
  boolean keepsSession() {
    return !keepsNothing && holder.table() != NoTable.INSTANCE;
  }

  void keepNothing() {
    keepsNothing = true;
  }

  void renewIn(StickyTable table) {
    if (table.equals(holder.table())) {
      renew();
    }
  }

  /**
   * Records a use of the session, and binds it again if its binding expired. A session that is over
   * is kept no longer.
   *
   * @return the name that the session is bound to; null if this hold keeps no binding
   */
  @Nullable
  String renew() {
    StickyTable table = holder.table();
    if (table == null || keepsNothing) {
      return null;
    }
    Bound bound = table.renew(key, member.name(), holder.age());
    return switch (bound.status()) {
      case STORED, HELD -> bound.name();
      case FULL -> member.name();
      case ABSENT -> {
        if (!table.isShared()) {
          keepNothing();
        }
        yield null;
      }
      default -> null;
    };
  }

  /** {@return whether the session is known to be older than a duration} */
  boolean isOlderThan(Duration duration) {
    Duration age = holder.age();
    return age != null && age.compareTo(duration) > 0;
  }

  Holder holder() {
    return holder;
  }

  /** {@return the name of the backend whose connection is held} */
  String name() {
    return member.name();
  }

  @Override
  public int hashCode() {
    return Long.hashCode(key);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int compareTo(Hold other) {
    return Integer.compare(System.identityHashCode(this), System.identityHashCode(other));
  }
}
