package dev.limpet.core;

/**
 * A backend of a pool with its state at one moment. Immutable.
 *
 * <p>The operator's intent (ready or draining) and the result of health checks (up or down) are
 * independent. A recovery never ends a drain.
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
    /** Serves no requests. */
    DOWN
  }

  /** The start time of a member that was up before the pool's clock started. */
  static final long ALWAYS = -1;

  private final Backend backend;
  private final Load load;
  private final boolean draining;
  private final boolean down;
  private final long upSince;
  private final Recall recall;
  private final Route kept;
  private final Route[] keptByOthers = new Route[Affinity.MAX_CHAIN - 1];
  private final Route unbound;

  private Member(Backend backend, Load load, boolean draining, boolean down, long upSince) {
    this.backend = backend;
    this.load = load;
    this.draining = draining;
    this.down = down;
    this.upSince = upSince;
    this.recall = Recall.to(this);
    this.kept = new Route(this, Outcome.KEPT, null, null, null);
    this.unbound = new Route(this, Outcome.UNBOUND, Reason.NO_KEY, null, null);
  }

  /**
   * {@return a new member that is ready and up}
   *
   * @param load the load of the backend's name
   * @param upSince the time when it came up, in the pool's nanoseconds, or {@link #ALWAYS}
   */
  static Member ready(Backend backend, Load load, long upSince) {
    return new Member(backend, load, false, false, upSince);
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
    if (down) {
      return State.DOWN;
    }
    return (draining || backend.weight() == 0) ? State.DRAINING : State.UP;
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
    return state() == State.UP;
  }

  /** {@return true if requests of bound sessions may be sent to the member} */
  public boolean acceptsBound() {
    return !down;
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

  Member with(Backend changed) {
    return changed.isSame(backend) ? this : new Member(changed, load, draining, down, upSince);
  }

  Member drained(boolean drain) {
    return drain == draining ? this : new Member(backend, load, drain, down, upSince);
  }

  /**
   * {@return the member with another health}
   *
   * @param now the time, in the pool's nanoseconds
   */
  Member health(boolean isDown, long now) {
    return isDown == down ? this : new Member(backend, load, draining, isDown, now);
  }

  /** {@return the backend's name and the state} */
  @Override
  public String toString() {
    return name() + ' ' + state();
  }
}
