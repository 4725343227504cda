package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One setting that breaks a rule. Immutable. */
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
   * {@return a fault}
   *
   * @param setting the setting's key, such as {@code cookieName}
   * @param value the value as it was given, or {@code absent}; shown as its {@code toString()}
   * @param rule what was expected instead
   */
  public static Fault of(String setting, Object value, String rule) {
    return new Fault(setting, value, requireNonNull(rule, "rule"), List.of(), "", false);
  }

  /**
   * {@return a fault of a duration}
   *
   * @param setting the setting's key, such as {@code duration}
   * @param value the duration as it was given
   * @param shortest the shortest that was expected
   * @param longest the longest that was expected
   * @param more what follows in the rule, such as {@code ", in whole seconds"}; may be empty
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

  /** {@return what was expected instead} Durations are in ISO-8601, such as {@code PT1M..PT1H}. */
  public String rule() {
    return rule(Duration::toString);
  }

  /**
   * {@return what was expected instead}
   *
   * @param notation how the user writes durations
   */
  public String rule(Function<? super Duration, String> notation) {
    return limits.isEmpty()
        ? rule
        : notation.apply(limits.get(0)) + ".." + notation.apply(limits.get(1)) + rule;
  }

  /**
   * {@return where the rule comes from, such as {@code profile enhanced}; empty if it holds
   * everywhere}
   */
  public String scope() {
    return allowedByOpen ? scope + ", allowed by Profile.OPEN" : scope;
  }

  /**
   * {@return whether it is a limit of a product only, so that {@link Profile#OPEN} allows the
   * value}
   */
  public boolean isAllowedByOpen() {
    return allowedByOpen;
  }

  /**
   * {@return a copy of another scope}
   *
   * @param scope where the rule comes from; empty if it holds everywhere
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
   * {@return {@code setting: value (expected: rule) [scope]}, without brackets if the rule holds
   * everywhere}
   */
  @Override
  public String toString() {
    String where = scope();
    return setting + ": " + value + " (expected: " + rule() + ")"
        + (where.isEmpty() ? "" : " [" + where + "]");
  }
}
