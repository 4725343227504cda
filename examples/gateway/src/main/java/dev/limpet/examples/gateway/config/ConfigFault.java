package dev.limpet.examples.gateway.config;

import dev.limpet.core.Fault;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a configuration.
 *
 * @param file the file as it was named; null if there is none
 * @param line where it stands, from 1; 0 if it concerns the file as such
 * @param fault what is wrong; no secret
 */
public record ConfigFault(@Nullable String file, int line, Fault fault) {
  static final int WHOLE_FILE = 0;
  static final String UNNAMED = "config";

  /** Returns one line, {@code name: value (expected: rule)}; no secret. */
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
