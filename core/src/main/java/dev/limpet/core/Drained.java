package dev.limpet.core;

import static java.util.Objects.requireNonNull;

/** What became of a drain. Immutable. */
public final class Drained {

  /** How a drain ends. Callers need a default branch: there may be more. */
  public enum Result {
    /** Nothing of the backend is left. */
    DRAINED,
    /** The deadline passed first. The backend drains on. */
    DEADLINE_PASSED,
    /** The backend was removed, or replaced by another generation. */
    REMOVED,
    /** The backend was made ready again, or removed and added again. */
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

  /** {@return how it ended} */
  public Result result() {
    return result;
  }

  /** {@return what still belonged to the backend then} */
  public Remaining remaining() {
    return remaining;
  }

  /**
   * {@return how many connections of the backend were held then; 0 in a pool that does not count}
   */
  public int connections() {
    return connections;
  }

  /** {@return the result, what remained and the connections} */
  @Override
  public String toString() {
    return result + ", " + remaining + ", " + connections + " connections";
  }
}
