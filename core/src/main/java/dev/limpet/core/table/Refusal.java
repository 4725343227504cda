package dev.limpet.core.table;

/** The reason why a snapshot is not restored, as {@code name: value (expected: rule)}. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1;

  Refusal(String name, Object value, Object rule) {
    super(name + ": " + value + " (expected: " + rule + ")", null, false, false);
  }
}
