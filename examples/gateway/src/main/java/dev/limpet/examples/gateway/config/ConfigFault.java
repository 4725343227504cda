package dev.limpet.examples.gateway.config;

import dev.limpet.core.Fault;
import org.jspecify.annotations.Nullable;

/**
 * A fault of a configuration.
 *
 * @param file the file as the user named it; null if absent
 * @param line the line of the fault, from 1; 0 if it concerns the file as a whole
 * @param fault the fault; contains no secret
 */
public record ConfigFault(@Nullable String file, int line, Fault fault) {
  static final int WHOLE_FILE = 0;
  static final String UNNAMED = "config";

  /** Returns one line, {@code name: value (expected: rule)}; contains no secret. */
  public String message() {
    return Shown.printable(fault.toString());
  }

  /** Returns {@code config.yaml:7: message} or {@code line 7: message}. */
  @Override
  public String toString() {
    if (line == WHOLE_FILE) {
      return message();
    }
    return ((file != null) ? file + ':' + line : "line " + line) + ": " + message();
  }
}
