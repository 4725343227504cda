package dev.limpet.shared;

import static java.util.Objects.requireNonNull;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The answer of a {@link BindingStore}. Immutable. */
public final class StoreAnswer {

  /** The store has no binding. */
  public static final StoreAnswer ABSENT = new StoreAnswer(Status.ABSENT, null, 0);

  /** There was no answer, or not a valid one. */
  public static final StoreAnswer UNAVAILABLE = new StoreAnswer(Status.UNAVAILABLE, null, 0);

  /** The kinds of answers. Callers need a default branch, because more may be added. */
  public enum Status {
    /** This call stored the candidate. */
    STORED,
    /** The store already had this binding. */
    HELD,
    /** The store has no binding. */
    ABSENT,
    /** There was no answer, or not a valid one. */
    UNAVAILABLE
  }

  private final Status status;
  private final @Nullable SharedBinding binding;
  private final long remainingMillis;

  private StoreAnswer(Status status, @Nullable SharedBinding binding, long remainingMillis) {
    this.status = status;
    this.binding = binding;
    this.remainingMillis = remainingMillis;
  }

  /**
   * {@return the answer to a call that stored its candidate}
   *
   * @param binding the candidate
   * @param remainingMillis how long the store keeps it, unless it is renewed
   */
  public static StoreAnswer stored(SharedBinding binding, long remainingMillis) {
    return new StoreAnswer(Status.STORED, requireNonNull(binding, "binding"), remainingMillis);
  }

  /**
   * {@return the answer if the store already had a binding}
   *
   * @param binding the binding in the store
   * @param remainingMillis how long the store keeps it, unless it is renewed
   */
  public static StoreAnswer held(SharedBinding binding, long remainingMillis) {
    return new StoreAnswer(Status.HELD, requireNonNull(binding, "binding"), remainingMillis);
  }

  /** {@return the kind of answer} */
  public Status status() {
    return status;
  }

  /** {@return the binding in the store; null exactly if it has none, or did not answer} */
  public @Nullable SharedBinding binding() {
    return binding;
  }

  /**
   * {@return the time for which the store keeps the binding unless it is renewed, in milliseconds}
   */
  public long remainingMillis() {
    return remainingMillis;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StoreAnswer that
        && status == that.status
        && Objects.equals(binding, that.binding)
        && remainingMillis == that.remainingMillis;
  }

  @Override
  public int hashCode() {
    return Objects.hash(status, binding, remainingMillis);
  }

  /** {@return the status and the binding} */
  @Override
  public String toString() {
    return (binding == null)
        ? status.toString()
        : status + " " + binding + ", " + remainingMillis + " ms";
  }
}
