package dev.limpet.examples.gateway.config;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a configuration.
 *
 * @param file the file as it was named; null if there is none
 * @param line where it stands, from 1; 0 if it concerns the file as such
 * @param message one line, {@code name: value (expected: rule)}; no secret
 */
public record ConfigFault(@Nullable String file, int line, String message) {

  /** Returns {@code config.yaml:7: message} or {@code line 7: message}. */
  @Override
  public String toString() {
    String place = (file != null) ? file : "config";
    if (line == 0) {
      return place + ": " + message;
    }
    return (file != null) ? place + ':' + line + ": " + message : "line " + line + ": " + message;
  }
}
