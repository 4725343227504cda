package dev.limpet.core;

/**
 * A backend of a pool with its state at one moment. Immutable.
 *
 * <p>What the operator wants (ready or draining) and what health checks say (up or down) are two
 * facts; a recovery never ends a drain.
 */
public final class Member {

  /**
   * What a member can do, derived from intent, health and weight. Callers need a default branch:
   * there may be more.
   */
  public enum State {
    /** Takes new sessions and serves its own. */
    UP,
    /** Serves its own sessions only: it drains, or its weight is 0. */
    DRAINING,
    /** Serves nothing. */
    DOWN
  }

  /** When a member came up that was never seen to: before the pool's time began. */
  static final long ALWAYS = -1;

  private final Backend backend;
  private final Load load;
  private final boolean draining;
  private final boolean down;
  private final long upSince;
  private final Recall recall;
  private final Route kept;
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
   * {@return a member that is ready and up}
   *
   * @param load that of the backend's name
   * @param upSince when it came up, in the pool's nanoseconds, or {@link #ALWAYS}
   */
  static Member ready(Backend backend, Load load, long upSince) {
    return new Member(backend, load, false, false, upSince);
  }

  /** {@return the backend} */
  public Backend backend() {
    return backend;
  }

  /** {@return the backend's name, which bindings know it by} */
  public String name() {
    return backend.name();
  }

  /** {@return what the member can do} */
  public State state() {
    if (down) {
      return State.DOWN;
    }
    return (draining || backend.weight() == 0) ? State.DRAINING : State.UP;
  }

  /** {@return whether the operator drains the member, whatever its health and weight} */
  public boolean draining() {
    return draining;
  }

  /** {@return whether health checks found the member down, whatever the operator wants} */
  public boolean down() {
    return down;
  }

  /** {@return how busy it is} */
  public Load load() {
    return load;
  }

  /** {@return when it came up, in the pool's nanoseconds, or {@link #ALWAYS}} */
  long upSince() {
    return upSince;
  }

  /** {@return whether it has as many connections as it takes} */
  boolean isFull() {
    return load.isFull(backend.maxConnections());
  }

  /** {@return whether there was a connection to be had: then it is to be released} */
  boolean acquire() {
    return load.acquire(backend.maxConnections());
  }

  /** {@return whether new sessions may be sent to the member} */
  public boolean acceptsNew() {
    return state() == State.UP;
  }

  /** {@return whether sessions that are bound to the member may be sent to it} */
  public boolean acceptsBound() {
    return !down;
  }

  /** {@return the recall of a session that is bound to this member: always the same object} */
  public Recall recall() {
    return recall;
  }

  /** The route of every bound session that stays here. */
  Route kept() {
    return kept;
  }

  /** The route of every request without a key that is sent here. */
  Route unbound() {
    return unbound;
  }

  Member with(Backend changed) {
    return changed.equals(backend) ? this : new Member(changed, load, draining, down, upSince);
  }

  Member drained(boolean drain) {
    return drain == draining ? this : new Member(backend, load, drain, down, upSince);
  }

  /**
   * {@return the member as health checks found it}
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
