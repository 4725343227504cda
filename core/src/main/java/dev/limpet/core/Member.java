package dev.limpet.core;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A backend of a pool with its state at one moment. Immutable.
 *
 * <p>The operator's intent (ready or draining) and the result of health checks (up or down) are
 * independent. A recovery never ends a drain. {@link PassiveHealth} can eject a member that is up.
 */
public final class Member {

  /**
   * The ability of a member to serve, derived from intent, health and weight. Callers need a
   * default branch, because values may be added.
   */
  public enum State {
    /** Takes new sessions and serves its bound ones. */
    UP,
    /** Serves only its bound sessions, because it is draining or its weight is 0. */
    DRAINING,
    /** Serves no requests, because it was reported down. */
    DOWN,
    /** Serves no requests for some time, because requests to it failed. See {@link Ejection}. */
    EJECTED
  }

  /** The start time of a member that was up before the pool's clock started. */
  static final long ALWAYS = -1;

  private final Backend backend;
  private final Load load;
  private final boolean draining;
  private final boolean down;
  private final long upSince;
  private final FailureStreak failures;
  private final @Nullable Ejection ejection;
  private final @Nullable Probe probe;
  private final State state;
  private final boolean acceptsBound;
  private final Recall recall;
  private final Route kept;
  private final Route[] keptByOthers = new Route[Affinity.MAX_CHAIN - 1];
  private final Route unbound;

  private Member(
      Backend backend,
      Load load,
      boolean draining,
      boolean down,
      long upSince,
      FailureStreak failures,
      @Nullable Ejection ejection,
      @Nullable Probe probe) {
    this.backend = backend;
    this.load = load;
    this.draining = draining;
    this.down = down;
    this.upSince = upSince;
    this.failures = failures;
    this.ejection = ejection;
    this.probe = probe;
    this.state = down ? State.DOWN : isEjected() ? State.EJECTED : stateIfUp();
    this.acceptsBound = state == State.UP || state == State.DRAINING;
    this.recall = Recall.to(this);
    this.kept = new Route(this, Outcome.KEPT, null, null, null);
    this.unbound = new Route(this, Outcome.UNBOUND, Reason.NO_KEY, null, null);
  }

  private State stateIfUp() {
    return (draining || backend.weight() == 0) ? State.DRAINING : State.UP;
  }

  /**
   * {@return a new member that is ready and up}
   *
   * @param load the load of the backend's name
   * @param upSince the time when it came up, in the pool's nanoseconds, or {@link #ALWAYS}
   */
  static Member ready(Backend backend, Load load, long upSince) {
    return new Member(backend, load, false, false, upSince, FailureStreak.fresh(), null, null);
  }

  /** {@return the backend} */
  public Backend backend() {
    return backend;
  }

  /** {@return the backend's name, by which bindings refer to it} */
  public String name() {
    return backend.name();
  }

  /** {@return the ability of the member to serve} */
  public State state() {
    return state;
  }

  /** {@return true if the operator drains the member, regardless of its health and weight} */
  public boolean draining() {
    return draining;
  }

  /**
   * {@return true if health checks report the member as down, regardless of the operator's intent}
   */
  public boolean down() {
    return down;
  }

  /**
   * {@return the ejection of the member; null if it is not ejected} A member that is down is not
   * ejected.
   */
  public @Nullable Ejection ejection() {
    return ejection;
  }

  private boolean isEjected() {
    return ejection != null && probe == null;
  }

  /**
   * {@return this member for the route of a request that probes it; null if it is not ejected, or
   * must not be probed now}
   *
   * @param wait the time that must have passed since the end of the ejection
   */
  @Nullable
  Member probe(Duration wait) {
    return (ejection == null) ? null : ejection.probe(this, wait);
  }

  /** {@return the probe that the route of this member is; null if it is no probe} */
  @Nullable
  Probe probe() {
    return probe;
  }

  /** Returns whether the member would take new sessions if it were not ejected. */
  boolean isEligible() {
    return !down && stateIfUp() == State.UP;
  }

  /** {@return the failures since the member was reported up or readmitted} */
  FailureStreak failures() {
    return failures;
  }

  /** {@return the member's load} */
  public Load load() {
    return load;
  }

  /** {@return the time when it came up, in the pool's nanoseconds, or {@link #ALWAYS}} */
  long upSince() {
    return upSince;
  }

  /** Returns whether the member is at capacity. */
  boolean isFull() {
    return load.isFull(backend.maxConnections());
  }

  /**
   * Acquires a connection. Returns false if the member is at capacity; otherwise the caller must
   * release the connection.
   */
  boolean acquire() {
    return load.acquire(backend.maxConnections());
  }

  /** {@return true if new sessions may be sent to the member} */
  public boolean acceptsNew() {
    return state == State.UP;
  }

  /**
   * {@return true if requests of bound sessions may be sent to the member: if it is neither down
   * nor ejected}
   */
  public boolean acceptsBound() {
    return acceptsBound;
  }

  /** {@return the recall of a session that is bound to this member; always the same object} */
  public Recall recall() {
    return recall;
  }

  /** {@return the route of a bound session that stays on this member, for an affinity} */
  Route kept(int affinity) {
    return (affinity == 0) ? kept : keptByOther(affinity);
  }

  /** Needs no lock: if several threads make the route at once, the results are equal. */
  private Route keptByOther(int affinity) {
    Route known = keptByOthers[affinity - 1];
    if (known == null) {
      known = new Route(this, Outcome.KEPT, null, null, null, affinity);
      keptByOthers[affinity - 1] = known;
    }
    return known;
  }

  /** {@return the route of a request without a key that is sent to this member} */
  Route unbound() {
    return unbound;
  }

  /** {@return the reason why the member does not serve its sessions} */
  Reason unavailability() {
    return down ? Reason.BACKEND_DOWN : Reason.BACKEND_EJECTED;
  }

  /** {@return the member with a changed backend} If the address differs, an ejection ends. */
  Member with(Backend changed, long now) {
    if (changed.isSame(backend)) {
      return this;
    }
    Member member = changed.address().equals(backend.address()) ? this : healthy(now);
    return new Member(
        changed, load, draining, down, member.upSince, member.failures, member.ejection, null);
  }

  Member drained(boolean drain) {
    return (drain == draining)
        ? this
        : new Member(backend, load, drain, down, upSince, failures, ejection, null);
  }

  /**
   * {@return the member with a reported health} It is not ejected and has no failures.
   *
   * @param now the time, in the pool's nanoseconds
   */
  Member health(boolean isDown, long now) {
    return (isDown == down)
        ? healthy(now)
        : new Member(backend, load, draining, isDown, now, FailureStreak.fresh(), null, null);
  }

  /** Returns whether a report of a health would change nothing. */
  boolean hasHealth(boolean isDown) {
    return down == isDown && ejection == null && failures.isFresh();
  }

  private Member healthy(long now) {
    if (hasHealth(down)) {
      return this;
    }
    long since = (ejection == null) ? upSince : now;
    return new Member(backend, load, draining, down, since, FailureStreak.fresh(), null, null);
  }

  Member ejected(Ejection begun, FailureStreak next) {
    return new Member(backend, load, draining, down, upSince, next, begun, null);
  }

  /**
   * {@return the member after its ejection}
   *
   * @param next the failures from now on
   * @param now the time, in the pool's nanoseconds
   */
  Member readmitted(FailureStreak next, long now) {
    return new Member(backend, load, draining, down, now, next, null, null);
  }

  /** {@return this ejected member, for the route of a request that probes it} */
  Member probing(Probe begun) {
    return new Member(backend, load, draining, down, upSince, failures, ejection, begun);
  }

  /** Reports nothing about the backend if this member is for a probe. */
  void giveBackProbe() {
    if (probe != null) {
      probe.giveBack();
    }
  }

  /** {@return the backend's name and the state} */
  @Override
  public String toString() {
    return name() + ' ' + state();
  }
}
