package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * What became of an attempt to bind a key. Immutable.
 *
 * @param status what happened
 * @param name the name that the key is bound to now if it is {@code STORED} or {@code HELD};
 *     otherwise null
 */
public record Bound(Status status, @Nullable String name) {

  /** No place: the session is to be served by the rendezvous choice of its key. */
  public static final Bound FULL = new Bound(Status.FULL, null);

  /** To be asked again with the rendezvous choice of the key. */
  public static final Bound HASH_WANTED = new Bound(Status.HASH_WANTED, null);

  /** A name was expected, but the key is bound to none: it was unbound, or has elapsed. */
  public static final Bound ABSENT = new Bound(Status.ABSENT, null);

  /** Not for this affinity to remember: to be served by the rendezvous choice of the key. */
  public static final Bound NOT_KEPT = new Bound(Status.NOT_KEPT, null);

  /**
   * The place where bindings are shared did not answer: to be served by the rendezvous choice of
   * the key.
   */
  public static final Bound UNAVAILABLE = new Bound(Status.UNAVAILABLE, null);

  /** What happened to the key. Callers need a default branch: there may be more. */
  public enum Status {
    /** This call bound the key to its candidate. */
    STORED,
    /** The key was not bound as expected: another thread was first. */
    HELD,
    /** The key was expected to be bound, and is not. */
    ABSENT,
    /** There is no place for the key. */
    FULL,
    /** There may have been no place for this session before: only its rendezvous choice will do. */
    HASH_WANTED,
    /** The affinity does not store keys like this one. */
    NOT_KEPT,
    /** The place where bindings are shared did not answer. */
    UNAVAILABLE
  }

  /**
   * Makes an answer.
   *
   * @param status what happened
   * @param name the name that the key is bound to now, or null
   * @throws IllegalArgumentException if the status and the name do not agree
   */
  public Bound {
    requireNonNull(status, "status");
    if ((status == Status.STORED || status == Status.HELD) != (name != null)) {
      throw new IllegalArgumentException(
          "name: " + name + " (expected: a name exactly if STORED or HELD)");
    }
  }

  /**
   * {@return the answer to the caller that bound the key}
   *
   * @param name its candidate
   */
  public static Bound stored(String name) {
    return new Bound(Status.STORED, requireNonNull(name, "name"));
  }

  /**
   * {@return the answer to a caller that came too late}
   *
   * @param name the name that the key is bound to
   */
  public static Bound held(String name) {
    return new Bound(Status.HELD, requireNonNull(name, "name"));
  }
}
