package dev.limpet.examples.gateway.config;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value that differs between two configurations.
 *
 * @param path where it is
 * @param what how it differs, without secrets: {@code 5 -> 3}, {@code added}, {@code changed}
 */
public record ConfigDifference(ConfigPath path, String what) {
  private static final String ABSENT = "absent";

  /** Returns the difference of two values that may be shown; null means an absent value. */
  static ConfigDifference of(ConfigPath path, @Nullable Object before, @Nullable Object after) {
    String was = Objects.requireNonNullElse(before, ABSENT).toString();
    String is = Objects.requireNonNullElse(after, ABSENT).toString();
    return new ConfigDifference(path, Shown.printable(was + " -> " + is));
  }

  /** Returns a line such as {@code pools.web.backends.web1.weight: 5 -> 3}. */
  @Override
  public String toString() {
    return path + ": " + what;
  }
}
