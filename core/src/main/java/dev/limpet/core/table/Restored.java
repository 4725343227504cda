package dev.limpet.core.table;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What became of a saved table that was to be restored. Immutable. */
public final class Restored {
  private final long bindings;
  private final long elapsed;
  private final long leftOut;
  private final @Nullable String refusal;

  private Restored(long bindings, long elapsed, long leftOut, @Nullable String refusal) {
    this.bindings = bindings;
    this.elapsed = elapsed;
    this.leftOut = leftOut;
    this.refusal = refusal;
  }

  /**
   * {@return what a table answers that accepted a file}
   *
   * @param bindings how many bindings are in the table again
   * @param elapsed how many were dropped because they have expired since
   * @param leftOut how many were dropped because their session is bound anew, or found no slot
   */
  public static Restored of(long bindings, long elapsed, long leftOut) {
    return new Restored(bindings, elapsed, leftOut, null);
  }

  /**
   * {@return what a table answers that refused a file, and is as it was}
   *
   * @param refusal why, as {@code name: value (expected: rule)}
   */
  public static Restored refused(String refusal) {
    return new Restored(0, 0, 0, refusal);
  }

  /** {@return how many bindings are in the table again} */
  public long bindings() {
    return bindings;
  }

  /** {@return how many bindings were dropped because they have expired since} */
  public long elapsed() {
    return elapsed;
  }

  /**
   * {@return how many bindings were dropped because their session is bound anew, or found no slot}
   */
  public long leftOut() {
    return leftOut;
  }

  /**
   * {@return why nothing was restored, as {@code name: value (expected: rule)}; null if the file
   * was accepted}
   */
  public @Nullable String refusal() {
    return refusal;
  }

  /** {@return whether the file was refused as a whole} */
  public boolean isRefused() {
    return refusal != null;
  }

  /** {@return the numbers, or the refusal} */
  @Override
  public String toString() {
    return (refusal != null)
        ? "refused: " + refusal
        : "restored " + bindings + ", elapsed " + elapsed + ", left out " + leftOut;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Restored that
        && bindings == that.bindings
        && elapsed == that.elapsed
        && leftOut == that.leftOut
        && Objects.equals(refusal, that.refusal);
  }

  @Override
  public int hashCode() {
    return Objects.hash(bindings, elapsed, leftOut, refusal);
  }
}
