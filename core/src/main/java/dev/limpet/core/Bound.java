package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * The result of binding a key. Immutable.
 *
 * @param status the outcome
 * @param name the name that the key is bound to now if the status is {@code STORED} or {@code
 *     HELD}; otherwise null
 */
public record Bound(Status status, @Nullable String name) {

  /** No slot is free. The session falls back to hashing. */
  public static final Bound FULL = new Bound(Status.FULL, null);

  /** The caller must bind again, with the rendezvous choice of the key. */
  public static final Bound HASH_WANTED = new Bound(Status.HASH_WANTED, null);

  /** A name was expected, but the key is not bound: it was unbound, or its binding has expired. */
  public static final Bound ABSENT = new Bound(Status.ABSENT, null);

  /** The affinity does not store such a binding. The session falls back to hashing. */
  public static final Bound NOT_KEPT = new Bound(Status.NOT_KEPT, null);

  /** The shared store did not answer. The session falls back to hashing. */
  public static final Bound UNAVAILABLE = new Bound(Status.UNAVAILABLE, null);

  /** The outcome of binding a key. Callers need a default branch, because values may be added. */
  public enum Status {
    /** This call bound the key to the candidate. */
    STORED,
    /** The key is bound to another name than expected, because another thread was first. */
    HELD,
    /** The key was expected to be bound, but is not. */
    ABSENT,
    /** No slot is free for the key. */
    FULL,
    /**
     * The session may have fallen back to hashing before, so it may be bound only to its rendezvous
     * choice.
     */
    HASH_WANTED,
    /** The affinity does not store such a binding. */
    NOT_KEPT,
    /** The shared store did not answer. */
    UNAVAILABLE
  }

  /**
   * Makes a result.
   *
   * @param status the outcome
   * @param name the name that the key is bound to now, or null
   * @throws IllegalArgumentException if there is a name with another status than {@code STORED} or
   *     {@code HELD}, or no name with one of these
   */
  public Bound {
    requireNonNull(status, "status");
    if ((status == Status.STORED || status == Status.HELD) != (name != null)) {
      throw new IllegalArgumentException(
          "name: " + name + " (expected: a name if and only if STORED or HELD)");
    }
  }

  /**
   * {@return the result for the caller that bound the key}
   *
   * @param name the candidate
   */
  public static Bound stored(String name) {
    return new Bound(Status.STORED, requireNonNull(name, "name"));
  }

  /**
   * {@return the result for a caller that another thread preceded}
   *
   * @param name the name that the key is bound to
   */
  public static Bound held(String name) {
    return new Bound(Status.HELD, requireNonNull(name, "name"));
  }
}
