package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A setting that violates a rule. Immutable. */
public final class Fault {
  private final String setting;
  private final Object value;
  private final String rule;
  private final List<Duration> limits;
  private final String scope;
  private final boolean allowedByOpen;

  private Fault(
      String setting,
      Object value,
      String rule,
      List<Duration> limits,
      String scope,
      boolean allowedByOpen) {
    this.setting = requireNonNull(setting, "setting");
    this.value = requireNonNull(value, "value");
    this.rule = requireNonNull(rule, "rule");
    this.limits = limits;
    this.scope = requireNonNull(scope, "scope");
    this.allowedByOpen = allowedByOpen;
  }

  /**
   * {@return a fault of a setting}
   *
   * @param setting the setting's key, such as {@code cookieName}
   * @param value the value as it was given, or {@code absent}; shown by its {@code toString()}
   * @param rule the expected values
   */
  public static Fault of(String setting, Object value, String rule) {
    return new Fault(setting, value, requireNonNull(rule, "rule"), List.of(), "", false);
  }

  /**
   * {@return a fault of a duration}
   *
   * @param setting the setting's key, such as {@code duration}
   * @param value the duration as it was given
   * @param shortest the shortest allowed duration
   * @param longest the longest allowed duration
   * @param more the end of the rule, such as {@code ", in whole seconds"}; may be empty
   */
  public static Fault ofDuration(
      String setting, Duration value, Duration shortest, Duration longest, String more) {
    return new Fault(setting, value, requireNonNull(more), List.of(shortest, longest), "", false);
  }

  /** {@return the setting's key, such as {@code duration}} */
  public String setting() {
    return setting;
  }

  /**
   * {@return the value as it was given, or {@code absent}} Durations are in ISO-8601, such as
   * {@code PT61M}.
   */
  public String value() {
    return value.toString();
  }

  /** {@return the expected values} Durations are in ISO-8601, such as {@code PT1M..PT1H}. */
  public String rule() {
    return rule(Duration::toString);
  }

  /**
   * {@return the expected values, with durations in the user's notation}
   *
   * @param notation formats a duration
   */
  public String rule(Function<? super Duration, String> notation) {
    return limits.isEmpty()
        ? rule
        : notation.apply(limits.get(0)) + ".." + notation.apply(limits.get(1)) + rule;
  }

  /**
   * {@return the scope of the rule, such as {@code profile enhanced}; empty if it always applies}
   */
  public String scope() {
    return allowedByOpen ? scope + ", allowed by Profile.OPEN" : scope;
  }

  /**
   * {@return true if {@link Profile#OPEN} allows the value, because the rule is only a limit of a
   * product edition}
   */
  public boolean isAllowedByOpen() {
    return allowedByOpen;
  }

  /**
   * {@return a copy with another scope}
   *
   * @param scope the scope of the rule, such as {@code profile enhanced}; empty if it always
   *     applies
   */
  public Fault withScope(String scope) {
    return new Fault(setting, value, rule, limits, scope, allowedByOpen);
  }

  Fault asAllowedByOpen() {
    return new Fault(setting, value, rule, limits, scope, true);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Fault that && toString().equals(that.toString());
  }

  @Override
  public int hashCode() {
    return Objects.hash(setting, value(), rule());
  }

  /**
   * {@return {@code setting: value (expected: rule) [scope]}, without the brackets if the scope is
   * empty}
   */
  @Override
  public String toString() {
    String where = scope();
    return setting + ": " + value + " (expected: " + rule() + ")"
        + (where.isEmpty() ? "" : " [" + where + "]");
  }
}
