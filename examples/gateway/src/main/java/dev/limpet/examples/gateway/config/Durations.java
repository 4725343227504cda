package dev.limpet.examples.gateway.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as texts. The file spells them as a whole number and a unit. */
public final class Durations {
  static final Pattern FORM = Pattern.compile("0*([0-9]{1,12})(ms|s|m|h|d)");

  private static final Map<String, Duration> UNITS = units();
  private static final long MAX_SHORT = 9_999;

  private Durations() {}

  private static Map<String, Duration> units() {
    Map<String, Duration> units = new LinkedHashMap<>();
    units.put("d", Duration.ofDays(1));
    units.put("h", Duration.ofHours(1));
    units.put("m", Duration.ofMinutes(1));
    units.put("s", Duration.ofSeconds(1));
    units.put("ms", Duration.ofMillis(1));
    return units;
  }

  /** Returns the duration of a text of the {@link #FORM}; null for any other text. */
  static @Nullable Duration parse(String text) {
    Matcher parts = FORM.matcher(text);
    Duration unit = parts.matches() ? UNITS.get(parts.group(2)) : null;
    return (unit == null) ? null : unit.multipliedBy(Long.parseLong(parts.group(1)));
  }

  /**
   * Returns a limit in the unit of the user's value if the result is short, or else in the largest
   * unit that fits.
   */
  static String text(Duration limit, String value) {
    Matcher parts = FORM.matcher(value);
    String own = parts.matches() ? text(limit, parts.group(2), MAX_SHORT) : null;
    if (own != null) {
      return own;
    }
    return UNITS.keySet().stream()
        .map(unit -> text(limit, unit, Long.MAX_VALUE))
        .filter(found -> found != null)
        .findFirst()
        .orElse("1ms"); // the shortest duration that can be written
  }

  /** Returns a duration as the file spells it, in the largest unit that fits. */
  public static String spelled(Duration duration) {
    return UNITS.keySet().stream()
        .map(unit -> text(duration, unit, Long.MAX_VALUE))
        .filter(Objects::nonNull)
        .findFirst()
        .orElseGet(() -> duration.toMillis() + "ms");
  }

  /** Returns a duration in minutes, as the file spells it, if it is a whole number of them. */
  public static String inMinutes(Duration duration) {
    String minutes = text(duration, "m", Long.MAX_VALUE);
    return (minutes == null) ? spelled(duration) : minutes;
  }

  /** Returns a duration for people, such as {@code 20 min}. */
  public static String plain(Duration duration) {
    return spelled(duration).replaceFirst("(?<=[0-9])(?=[a-z])", " ").replaceFirst(" m$", " min");
  }

  private static @Nullable String text(Duration limit, String unit, long most) {
    Duration length = UNITS.get(unit);
    long count = (length == null) ? 0 : limit.dividedBy(length);
    boolean isWhole = length != null && length.multipliedBy(count).equals(limit);
    return (isWhole && count <= most) ? count + unit : null;
  }
}
