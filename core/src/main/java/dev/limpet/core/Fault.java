package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One setting that breaks a rule.
 *
 * @param setting the setting's key, such as {@code duration}
 * @param value the value as it was given, or {@code absent}
 * @param rule what was expected instead
 * @param scope where the rule comes from, such as {@code profile enhanced}
 */
public record Fault(String setting, String value, String rule, String scope) {

  /**
   * Makes a fault.
   *
   * @param setting the setting's key
   * @param value the value as it was given
   * @param rule what was expected
   * @param scope where the rule comes from
   * @throws NullPointerException if an argument is null
   */
  public Fault {
    requireNonNull(setting, "setting");
    requireNonNull(value, "value");
    requireNonNull(rule, "rule");
    requireNonNull(scope, "scope");
  }

  /** {@return {@code setting: value (expected: rule) [scope]}} */
  @Override
  public String toString() {
    return setting + ": " + value + " (expected: " + rule + ") [" + scope + "]";
  }

  static IllegalArgumentException exception(List<Fault> faults) {
    return new IllegalArgumentException(
        faults.stream().map(Fault::toString).collect(Collectors.joining("; ")));
  }
}
