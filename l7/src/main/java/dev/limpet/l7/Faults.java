package dev.limpet.l7;

import dev.limpet.core.Fault;
import dev.limpet.core.FaultException;
import dev.limpet.core.internal.HttpToken;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Collects faults of settings, to report all of them together. */
final class Faults {
  private final List<Fault> faults = new ArrayList<>();

  /** Adds a fault. */
  void add(String setting, Object value, String rule) {
    faults.add(Fault.of(setting, value, rule));
  }

  /** Adds faults that were found elsewhere. */
  Faults addAll(List<Fault> found) {
    faults.addAll(found);
    return this;
  }

  /** Adds a fault of a text, which is shown in quotes and without control characters. */
  void addText(String setting, String value, String rule) {
    add(setting, HttpToken.quoted(value), rule);
  }

  /**
   * Adds a fault if the text is empty or has an illegal character; the fault names the first one.
   */
  void checkText(String setting, String value, IntPredicate legal, String rule) {
    for (int i = 0; i < value.length(); i++) {
      if (!legal.test(value.charAt(i))) {
        addText(
            setting, value, rule + "; '" + HttpToken.shown(value.charAt(i)) + "' at index " + i);
        return;
      }
    }
    if (value.isEmpty()) {
      addText(setting, value, rule);
    }
  }

  /** {@return the faults so far} */
  List<Fault> found() {
    return List.copyOf(faults);
  }

  /**
   * Throws an exception if there are faults.
   *
   * @throws FaultException if there are faults; the message names all of them
   */
  void refuse() {
    if (!faults.isEmpty()) {
      throw new FaultException(faults);
    }
  }

  static boolean isPrintable(int c) {
    return c >= ' ' && c <= '~';
  }
}
