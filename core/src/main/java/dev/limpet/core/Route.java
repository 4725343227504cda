package dev.limpet.core;

import dev.limpet.core.HeldRoutes.Hold;
import java.lang.ref.Reference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The router's answer to one request: which backend, what happened to the session, and why.
 * Immutable.
 *
 * <p>In a pool that {@linkplain PoolBuilder#countConnections counts connections}, a route with a
 * backend holds one of that backend's connections until it is closed: close the last route of each
 * request. The connection of a route that is forgotten instead is given back some time after the
 * garbage collector found it, and counted in {@link RouterStats#abandonedRoutes}. In other pools a
 * route holds nothing, and need not be closed.
 */
public final class Route implements NextStep, AutoCloseable {
  private final @Nullable Member member;
  private final Outcome outcome;
  private final @Nullable Reason reason;
  private final @Nullable Route failed;
  private final @Nullable String found;
  private final @Nullable Hold hold;

  /**
   * Makes a route that holds nothing.
   *
   * @param found the name that the session was bound to before this request changed anything, to be
   *     restored if nothing can be reached
   */
  Route(
      @Nullable Member member,
      Outcome outcome,
      @Nullable Reason reason,
      @Nullable Route failed,
      @Nullable String found) {
    this.member = member;
    this.outcome = outcome;
    this.reason = reason;
    this.failed = failed;
    this.found = found;
    this.hold = null;
  }

  /** Makes a route that holds a connection, which was acquired for another like it. */
  Route(Route acquired, HeldRoutes held, Load load, LongAdder abandoned) {
    this.member = acquired.member;
    this.outcome = acquired.outcome;
    this.reason = acquired.reason;
    this.failed = acquired.failed;
    this.found = acquired.found;
    this.hold = held.add(this, load, abandoned);
  }

  /**
   * {@return the backend to send the request to; null exactly for {@link Outcome#REFUSED} and
   * {@link Outcome#NO_BACKEND}}
   */
  public @Nullable Backend backend() {
    return (member == null) ? null : member.backend();
  }

  /** {@return what happened} */
  public Outcome outcome() {
    return outcome;
  }

  /**
   * {@return why; null exactly for {@link Outcome#KEPT} where it is the first answer to the
   * request}
   */
  public @Nullable Reason reason() {
    return reason;
  }

  /**
   * {@return the route of the same request that failed before this one, or null if this is the
   * first}
   */
  public @Nullable Route failed() {
    return failed;
  }

  /**
   * Gives back the connection that this route holds. Any thread may close a route, before or after
   * its response; closing it again does nothing, and a closed route can still be rerouted. In a
   * pool that does not count connections a route holds none, and closing does nothing; code that
   * may meet either kind of pool closes.
   */
  @Override
  public void close() {
    if (hold == null) {
      return;
    }
    try {
      hold.release();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Nullable
  Member member() {
    return member;
  }

  @Nullable
  String found() {
    return found;
  }

  /** {@return whether the session is bound to the backend that this route leads to} */
  boolean isBound() {
    return switch (outcome) {
      case NEW, KEPT, MOVED -> true;
      case LENT, HASHED, UNBOUND, REFUSED, NO_BACKEND -> false;
    };
  }

  /** {@return whether this route or one that failed before it leads to the named backend} */
  boolean leadsTo(String name) {
    for (Route route = this; route != null; route = route.failed) {
      if (route.member != null && route.member.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** {@return the outcome, the backend's name and the reason} */
  @Override
  public String toString() {
    return outcome
        + (member == null ? "" : " " + member.name())
        + (reason == null ? "" : " (" + reason + ")");
  }
}
