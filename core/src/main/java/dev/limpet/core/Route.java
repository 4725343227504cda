package dev.limpet.core;

import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * The result of routing one request: the backend, what happened to the session, and the reason.
 * Immutable.
 *
 * <p>In a pool that {@linkplain PoolBuilder#countConnections counts connections}, a route with a
 * backend holds one connection of that backend until it is closed, so close the last route of each
 * request. If a route becomes unreachable without being closed, its connection is released some
 * time after garbage collection and counted in {@link RouterStats#abandonedRoutes}. In other pools
 * a route holds nothing and need not be closed.
 */
public final class Route implements NextStep, AutoCloseable {
  private final @Nullable Member member;
  private final Outcome outcome;
  private final @Nullable Reason reason;
  private final @Nullable Route failed;
  private final @Nullable String found;
  private final byte affinity;
  private final boolean isView;
  private final @Nullable Hold hold;

  /**
   * Makes a route that holds no connection.
   *
   * @param found the name that the session was bound to before this request changed anything; it is
   *     restored if no backend can be reached
   * @param affinity the position of the affinity that has the session
   */
  Route(
      @Nullable Member member,
      Outcome outcome,
      @Nullable Reason reason,
      @Nullable Route failed,
      @Nullable String found,
      int affinity) {
    this.member = member;
    this.outcome = outcome;
    this.reason = reason;
    this.failed = failed;
    this.found = found;
    this.affinity = (byte) affinity;
    this.isView = false;
    this.hold = null;
  }

  /** Makes a route of the first affinity, or of no affinity. */
  Route(
      @Nullable Member member,
      Outcome outcome,
      @Nullable Reason reason,
      @Nullable Route failed,
      @Nullable String found) {
    this(member, outcome, reason, failed, found, 0);
  }

  /** Makes a copy of a route that holds the connection that was acquired for it. */
  Route(Route acquired, Member member, Holder holder, long key) {
    this.member = member;
    this.outcome = acquired.outcome;
    this.reason = acquired.reason;
    this.failed = acquired.failed;
    this.found = acquired.found;
    this.affinity = acquired.affinity;
    this.isView = false;
    this.hold = holder.hold(this, member, key);
  }

  /** Makes a view of an open route, as an affinity sees it that does not know the session. */
  private Route(Member member, Hold hold) {
    this.member = member;
    this.outcome = Outcome.UNBOUND;
    this.reason = Reason.NO_KEY;
    this.failed = null;
    this.found = null;
    this.affinity = 0;
    this.isView = true;
    this.hold = hold;
  }

  /**
   * {@return the backend to send the request to; null if and only if the outcome is {@link
   * Outcome#REFUSED} or {@link Outcome#NO_BACKEND}}
   */
  public @Nullable Backend backend() {
    return (member == null) ? null : member.backend();
  }

  /** {@return the outcome for the request and its session} */
  public Outcome outcome() {
    return outcome;
  }

  /**
   * {@return the reason for the outcome; null if and only if the outcome is {@link Outcome#KEPT}
   * and the request was not rerouted}
   */
  public @Nullable Reason reason() {
    return reason;
  }

  /**
   * {@return the previous route of the same request, which failed; null if this is the first route}
   */
  public @Nullable Route failed() {
    return failed;
  }

  /**
   * {@return the name of the backend that the session was bound to before this request, if the
   * outcome is {@link Outcome#MOVED}; null otherwise}
   */
  public @Nullable String movedFrom() {
    return (outcome == Outcome.MOVED) ? found : null;
  }

  /**
   * {@return the position of the affinity that has the session, in a {@linkplain Affinity#orElse
   * chain} of affinities} It is 0 without a chain, or if the request belongs to no session.
   */
  public int affinity() {
    return affinity;
  }

  /**
   * Returns this route as an affinity of a chain sees it.
   *
   * @param position the affinity's position in the chain
   * @return this route if that affinity has the session; otherwise a route to the same backend with
   *     the outcome {@link Outcome#UNBOUND}, which holds no connection
   */
  public Route seenBy(int position) {
    if (position == affinity || member == null) {
      return this;
    }
    return (hold == null) ? member.unbound() : new Route(member, hold);
  }

  /**
   * Keeps the binding of a session that the response began: while this route is open, the session
   * does not expire for lack of use. Affinities call this. It does nothing in a pool that does not
   * count connections, or after the route was closed.
   *
   * @param table the table that has the binding
   * @param key the session's key
   */
  public void keep(StickyTable table, long key) {
    if (hold != null && !(isView && hold.keepsSession())) {
      hold.keep(table, key);
    }
  }

  /**
   * Stops this route and all other open routes of its session from keeping the binding. Affinities
   * call this when a response ends the session. It does nothing in a pool that does not count
   * connections.
   */
  public void letGo() {
    if (hold != null && !isView) {
      hold.letGo();
    }
  }

  /**
   * Lets no open route of the pool keep a session's binding any longer. Affinities call this when a
   * response ends a session that this route may not have been found by. It does nothing in a pool
   * that does not count connections.
   *
   * @param table the table that has the binding
   * @param key the session's key
   */
  public void letGo(StickyTable table, long key) {
    if (hold != null) {
      hold.letGo(table, key);
    }
  }

  /**
   * Releases the connection that this route holds. Any thread may close a route, before or after
   * its response. Closing it again does nothing, and a closed route can still be rerouted. In a
   * pool that does not count connections, closing does nothing; code that handles both kinds of
   * pool should always close. If the request probes an ejected backend, and no failure was
   * reported, closing readmits the backend.
   */
  @Override
  public void close() {
    Probe probe = probe();
    if (probe != null) {
      probe.succeed();
    }
    release();
  }

  /**
   * Closes this route without saying anything about its backend, for a request that ended before
   * the backend could respond, for example because the client left. Differs from {@link #close}
   * only if the request probes an ejected backend; see {@link PassiveHealth}.
   */
  public void cancel() {
    Probe probe = probe();
    if (probe != null) {
      probe.giveBack();
    }
    release();
  }

  private @Nullable Probe probe() {
    return (member == null || isView) ? null : member.probe();
  }

  private void release() {
    if (hold == null || isView) {
      return;
    }
    try {
      hold.release();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Returns whether a failure of this route may still be reported. A held route reports one. */
  boolean mayReportFailure() {
    return hold == null || hold.mayReportFailure();
  }

  /** Returns whether this route holds a connection, or held one until it was closed. */
  boolean isHeld() {
    return hold != null;
  }

  @Nullable
  Member member() {
    return member;
  }

  @Nullable
  String found() {
    return found;
  }

  /** Returns whether the session is bound to this route's backend. */
  boolean isBound() {
    return switch (outcome) {
      case NEW, KEPT, MOVED -> true;
      case LENT, HASHED, UNBOUND, REFUSED, NO_BACKEND -> false;
    };
  }

  /** Returns whether the affinity could not bind the session, so that the next affinity may. */
  boolean isFallback() {
    return outcome == Outcome.HASHED && failed == null;
  }

  /**
   * Returns whether this route, or an earlier one of the same request, refers to the named backend.
   */
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
