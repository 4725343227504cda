package dev.limpet.core;

/**
 * What became of a drain. Immutable.
 *
 * @param result how it ended
 * @param remaining what still belonged to the backend then
 * @param connections how many leases of it were held then
 */
public record Drained(Result result, Remaining remaining, int connections) {

  /** How a drain ends. */
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
}
