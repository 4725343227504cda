package dev.limpet.examples.gateway.config;

import dev.limpet.core.PassiveHealth;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a backend is ejected because requests to it fail.
 *
 * @param failures how many failures in a row eject it, 1..1000
 * @param grace how long its sessions are lent instead of moved
 */
public record PassiveHealthConfig(int failures, Duration grace) {

  /** What applies if the file says nothing. */
  static final PassiveHealthConfig DEFAULT = new PassiveHealthConfig(3, Duration.ZERO);

  static @Nullable PassiveHealthConfig read(Setting setting) {
    if (!setting.isMapping()) {
      return setting.orRefuse(null, "a mapping of [failures, grace], or false");
    }
    Section section = setting.section("failures", "grace");
    if (section == null) {
      return null;
    }
    Integer failures = section.optional(
        "failures", DEFAULT.failures, value -> value.number(1, PassiveHealth.MAX_FAILURES));
    Duration grace = section.optional("grace", DEFAULT.grace, PassiveHealthConfig::grace);
    return (failures == null || grace == null) ? null : new PassiveHealthConfig(failures, grace);
  }

  private static @Nullable Duration grace(Setting setting) {
    Duration grace = Values.duration(setting);
    if (grace == null) {
      return null;
    }
    boolean inRange = grace.compareTo(PassiveHealth.MAX_TIME) <= 0;
    return setting.orRefuse(inRange ? grace : null, "0s..1h");
  }
}
