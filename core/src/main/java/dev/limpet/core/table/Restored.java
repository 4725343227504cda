package dev.limpet.core.table;

import org.jspecify.annotations.Nullable;

/**
 * What became of a snapshot that was to be restored. Immutable.
 *
 * @param bindings how many bindings are in the table again
 * @param elapsed how many were dropped because they have elapsed since
 * @param leftOut how many were dropped because their session is bound anew, or found no place
 * @param refusal why nothing was restored and the table is as it was, as {@code name: value (expected: rule)};
 *     null if the snapshot was accepted
 */
public record Restored(
    long bindings, long elapsed, long leftOut, @Nullable String refusal) {

  static Restored refused(@Nullable String refusal) {
    return new Restored(0, 0, 0, String.valueOf(refusal));
  }

  /** {@return whether the snapshot was refused as a whole} */
  public boolean isRefused() {
    return refusal != null;
  }
}
