package dev.limpet.shared;

import static java.util.Objects.requireNonNull;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a {@link BindingStore} answered. Immutable. */
public final class StoreAnswer {

  /** The store has no binding. */
  public static final StoreAnswer ABSENT = new StoreAnswer(Status.ABSENT, null, 0);

  /** There was no answer, or none that makes sense. */
  public static final StoreAnswer UNAVAILABLE = new StoreAnswer(Status.UNAVAILABLE, null, 0);

  /** What happened. Callers need a default branch: there may be more. */
  public enum Status {
    /** This call stored the candidate. */
    STORED,
    /** The store has had this binding already. */
    HELD,
    /** The store has no binding. */
    ABSENT,
    /** There was no answer, or none that makes sense. */
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
   * {@return that this call stored its candidate}
   *
   * @param binding the candidate
   * @param remainingMillis how long the store keeps it, unless it is renewed
   */
  public static StoreAnswer stored(SharedBinding binding, long remainingMillis) {
    return new StoreAnswer(Status.STORED, requireNonNull(binding, "binding"), remainingMillis);
  }

  /**
   * {@return that the store has had a binding already}
   *
   * @param binding what it has
   * @param remainingMillis how long the store keeps it, unless it is renewed
   */
  public static StoreAnswer held(SharedBinding binding, long remainingMillis) {
    return new StoreAnswer(Status.HELD, requireNonNull(binding, "binding"), remainingMillis);
  }

  /** {@return what happened} */
  public Status status() {
    return status;
  }

  /** {@return what the store has; null exactly if it has none, or did not answer} */
  public @Nullable SharedBinding binding() {
    return binding;
  }

  /** {@return how long the store keeps the binding, in milliseconds, unless it is renewed} */
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
