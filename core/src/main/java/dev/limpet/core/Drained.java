package dev.limpet.core;

import static java.util.Objects.requireNonNull;

/** The result of a drain. Immutable. */
public final class Drained {

  /** The ways in which a drain ends. Callers need a default branch, because values may be added. */
  public enum Result {
    /** The backend has no sessions and no counted connections left. */
    DRAINED,
    /** The deadline passed first. The backend is still draining. */
    DEADLINE_PASSED,
    /** The backend was removed from the pool, or replaced by another generation. */
    REMOVED,
    /**
     * The drain was ended by {@link PoolEdit#ready}, or the backend was removed and added again.
     */
    UNDRAINED
  }

  private final Result result;
  private final Remaining remaining;
  private final int connections;

  Drained(Result result, Remaining remaining, int connections) {
    this.result = requireNonNull(result, "result");
    this.remaining = requireNonNull(remaining, "remaining");
    this.connections = connections;
  }

  /** {@return the way in which the drain ended} */
  public Result result() {
    return result;
  }

  /** {@return the sessions that the backend still had when the drain ended} */
  public Remaining remaining() {
    return remaining;
  }

  /**
   * {@return the number of connections that the backend still had when the drain ended; 0 in a pool
   * that does not count connections}
   */
  public int connections() {
    return connections;
  }

  /** {@return the result, the remaining sessions and the connections} */
  @Override
  public String toString() {
    return result + ", " + remaining + ", " + connections + " connections";
  }
}
