package dev.limpet.l7;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Collects faults of settings, each {@code name: value (expected: rule)}, to report them together. */
final class Faults {
  private final List<String> faults = new ArrayList<>();

  /** Adds a fault. */
  Faults add(String setting, Object value, String rule) {
    faults.add(setting + ": " + value + " (expected: " + rule + ")");
    return this;
  }

  /** Adds all faults of others. */
  Faults addAll(Faults others) {
    faults.addAll(others.faults);
    return this;
  }

  /** Adds a fault that someone else found. */
  void add(Object fault) {
    faults.add(fault.toString());
  }

  /** Adds a fault of a text, which is shown in quotes and without control characters. */
  void addText(String setting, String value, String rule) {
    StringBuilder shown = new StringBuilder();
    value.chars().forEach(c -> shown.append(shown(c)));
    add(setting, "\"" + shown + '"', rule);
  }

  /** Adds a fault if the text is empty or has a character that is not legal, and names the first. */
  void checkText(String setting, String value, IntPredicate legal, String rule) {
    for (int i = 0; i < value.length(); i++) {
      if (!legal.test(value.charAt(i))) {
        addText(setting, value, rule + "; '" + shown(value.charAt(i)) + "' at index " + i);
        return;
      }
    }
    if (value.isEmpty()) {
      addText(setting, value, rule);
    }
  }

  /**
   * Does nothing if there are none.
   *
   * @throws IllegalArgumentException if there are faults, with all of them in its message
   */
  void refuse() {
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
  }

  private static String shown(int c) {
    return isPrintable(c) ? String.valueOf((char) c) : String.format("\\u%04x", c);
  }

  static boolean isPrintable(int c) {
    return c >= ' ' && c <= '~';
  }
}
