package dev.limpet.examples.gateway.config;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a {@code healthCheck}. */
final class HealthCheckReader {
  private static final String PATH_RULE =
      "a path that starts with '/': 1..1024 printable ASCII characters without spaces and '#'";
  private static final Pattern PATH = Pattern.compile("/[!-~&&[^#]]{0,1023}");
  private static final int MAX_COUNT = 100;

  private HealthCheckReader() {}

  static @Nullable HealthCheckConfig read(Setting setting) {
    Section section = setting.section("path", "expect", "interval", "timeout", "rise", "fall");
    if (section == null) {
      return null;
    }
    Duration interval = section.required("interval", Values.DURATION_RULE, Values::wait);
    Duration timeout = section.has("timeout")
        ? section.optional("timeout", value -> timeout(value, interval))
        : interval;
    Integer rise = section.optional("rise", 1, value -> value.number(1, MAX_COUNT));
    Integer fall = section.optional("fall", 1, value -> value.number(1, MAX_COUNT));
    String path = section.optional("path", HealthCheckReader::path);
    StatusRanges expect =
        section.optional("expect", StatusRanges.DEFAULT, value -> expect(value, section));
    boolean isHttp = section.has("path");
    if (interval == null
        || timeout == null
        || rise == null
        || fall == null
        || expect == null
        || (isHttp && path == null)) {
      return null;
    }
    HttpCheckConfig http = (path == null) ? null : new HttpCheckConfig(path, expect);
    return new HealthCheckConfig(interval, timeout, rise, fall, http);
  }

  private static @Nullable String path(Setting setting) {
    String text = setting.text(PATH_RULE);
    boolean isPath = text != null && PATH.matcher(text).matches();
    return (text == null) ? null : setting.orRefuse(isPath ? text : null, PATH_RULE);
  }

  private static @Nullable StatusRanges expect(Setting setting, Section section) {
    return section.has("path")
        ? StatusRanges.read(setting)
        : setting.orRefuse(null, "absent without a path, as a TCP connect has no status");
  }

  /** Checks of a backend never overlap, so none may take longer than the interval. */
  private static @Nullable Duration timeout(Setting setting, @Nullable Duration interval) {
    Duration timeout = Values.wait(setting);
    if (timeout == null || interval == null) {
      return timeout;
    }
    boolean inRange = timeout.compareTo(interval) <= 0;
    return setting.orRefuse(
        inRange ? timeout : null,
        "1ms.." + Durations.text(interval, setting.shown()) + ", at most the interval");
  }
}
