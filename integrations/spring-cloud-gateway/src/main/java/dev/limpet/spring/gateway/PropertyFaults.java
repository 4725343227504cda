package dev.limpet.spring.gateway;

import dev.limpet.core.Fault;
import dev.limpet.core.FaultException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

/** Collects faults of properties, under the names that the user wrote. For one thread. */
final class PropertyFaults {
  private static final Pattern UPPER = Pattern.compile("(?<=[a-z0-9])[A-Z]");
  private static final Pattern MESSAGE =
      Pattern.compile("([A-Za-z0-9]+): (.*) \\(expected: (.*)\\)", Pattern.DOTALL);
  private static final Pattern ISO_DURATION =
      Pattern.compile("PT(?=\\d)(?:\\d+H)?(?:\\d+M)?(?:\\d+(?:\\.\\d+)?S)?");
  private static final Set<String> OF_POOL =
      Set.of("algorithm", "failover", "slow-start", "max-connections");

  private final List<Fault> faults = new ArrayList<>();

  /** Adds a fault of a property with its full name. */
  void add(String property, Object value, String rule) {
    faults.add(Fault.of(property, value, rule));
  }

  /** Returns what a supplier makes; null if the library refuses it, which is then a fault. */
  <T> @Nullable T orFault(String prefix, Supplier<T> made) {
    try {
      return made.get();
    } catch (FaultException e) {
      e.faults().forEach(fault -> add(prefix, fault));
    } catch (IllegalArgumentException e) {
      add(prefix, fault(String.valueOf(e.getMessage())));
    }
    return null;
  }

  /** Returns the fault that a message of the library tells. */
  private static Fault fault(String message) {
    Matcher told = MESSAGE.matcher(message);
    return told.matches()
        ? Fault.of(told.group(1), told.group(2), told.group(3))
        : Fault.of("type", "unusable", message);
  }

  /** Adds the faults of another collection. */
  void addAll(PropertyFaults others) {
    faults.addAll(others.faults);
  }

  boolean isEmpty() {
    return faults.isEmpty();
  }

  /** Throws an exception if there are faults. */
  void refuse() {
    if (!faults.isEmpty()) {
      throw new InvalidPropertiesException(faults);
    }
  }

  /** Adds a fault of the library: a setting of the pool itself, or one below the prefix. */
  private void add(String prefix, Fault fault) {
    String key = kebab(fault.setting());
    if (key.equals("trusted")) {
      key = "trusted-proxies";
    }
    String parent = OF_POOL.contains(key) ? prefix.replaceFirst("\\.sticky-session$", "") : prefix;
    faults.add(Fault.of(parent + '.' + key, spelled(fault.value()), spelled(fault.rule()))
        .withScope(fault.scope().replace("Profile.OPEN", "limpet.profile: open")));
  }

  private static String kebab(String setting) {
    return UPPER.matcher(setting).replaceAll(upper -> "-" + upper.group()).toLowerCase(Locale.ROOT);
  }

  /** Returns a value with its durations as properties spell them. */
  static String spelled(Object value) {
    return ISO_DURATION
        .matcher(value.toString())
        .replaceAll(iso -> spelled(Duration.parse(iso.group())));
  }

  private static String spelled(Duration duration) {
    for (DurationUnit unit : DurationUnit.values()) {
      if (unit.fits(duration)) {
        return unit.print(duration);
      }
    }
    return duration.isZero() ? "0s" : DurationStyle.SIMPLE.print(duration);
  }

  /** The units that a duration may be a whole number of, the largest first. */
  private enum DurationUnit {
    D(Duration.ofDays(1)),
    H(Duration.ofHours(1)),
    M(Duration.ofMinutes(1)),
    S(Duration.ofSeconds(1));

    private final Duration one;

    DurationUnit(Duration one) {
      this.one = one;
    }

    boolean fits(Duration duration) {
      return !duration.isZero() && one.multipliedBy(duration.dividedBy(one)).equals(duration);
    }

    String print(Duration duration) {
      return duration.dividedBy(one) + name().toLowerCase(Locale.ROOT);
    }
  }
}
