package dev.limpet.l7;

import java.util.List;

/** Faults of settings, each {@code name: value (expected: rule)}, reported together. */
final class Faults {

  private Faults() {}

  /**
   * Does nothing if there are none.
   *
   * @throws IllegalArgumentException if there are faults, with all of them in its message
   */
  static void refuse(List<String> faults) {
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
  }
}
