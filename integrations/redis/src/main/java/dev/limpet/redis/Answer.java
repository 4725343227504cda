package dev.limpet.redis;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link BindingStore} answered. Immutable.
 *
 * @param status what happened
 * @param binding what the store has; null exactly if it has none, or did not answer
 * @param remainingMillis how long the store keeps it, unless it is renewed
 */
record Answer(Status status, @Nullable SharedBinding binding, long remainingMillis) {

  static final Answer ABSENT = new Answer(Status.ABSENT, null, 0);
  static final Answer UNAVAILABLE = new Answer(Status.UNAVAILABLE, null, 0);

  enum Status {
    /** This call stored the candidate. */
    STORED,
    /** The store has had this binding already. */
    HELD,
    /** The store has no binding. */
    ABSENT,
    /** There was no answer, or none that makes sense. */
    UNAVAILABLE
  }
}
