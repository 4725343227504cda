package dev.limpet.core.table;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The result of restoring a saved table. Immutable. */
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
   * {@return the result of a table that accepted the file}
   *
   * @param bindings the number of bindings that were restored
   * @param elapsed the number of bindings that were dropped because they had expired
   * @param leftOut the number of bindings that were dropped because their session is bound again,
   *     or found no slot
   */
  public static Restored of(long bindings, long elapsed, long leftOut) {
    return new Restored(bindings, elapsed, leftOut, null);
  }

  /**
   * {@return the result of a table that rejected the file and did not change}
   *
   * @param refusal the reason, as {@code name: value (expected: rule)}
   */
  public static Restored refused(String refusal) {
    return new Restored(0, 0, 0, refusal);
  }

  /** {@return the number of bindings that were restored} */
  public long bindings() {
    return bindings;
  }

  /** {@return the number of bindings that were dropped because they had expired} */
  public long elapsed() {
    return elapsed;
  }

  /**
   * {@return the number of bindings that were dropped because their session is bound again, or
   * found no slot}
   */
  public long leftOut() {
    return leftOut;
  }

  /**
   * {@return the reason why nothing was restored, as {@code name: value (expected: rule)}; null if
   * the file was accepted}
   */
  public @Nullable String refusal() {
    return refusal;
  }

  /** {@return true if the file was rejected} */
  public boolean isRefused() {
    return refusal != null;
  }

  /** {@return the numbers, or the reason} */
  @Override
  public String toString() {
    return (refusal != null)
        ? "refused: " + refusal
        : "restored " + bindings + ", expired " + elapsed + ", left out " + leftOut;
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
