package dev.limpet.examples.gateway.config;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@code stickySession} as read so far. A value is null if it is absent or could not be read. */
record StickyDraft(
    Section section,
    StickySession.@Nullable Type type,
    @Nullable Duration duration,
    @Nullable Mode mode,
    @Nullable Duration maxDuration,
    @Nullable String cookieName,
    @Nullable QuotaConfig quota,
    @Nullable Boolean encrypted,
    @Nullable Boolean secure) {

  private static final List<StickySession.Type> TYPES = List.of(
      StickySession.Type.SOURCE_IP, StickySession.Type.LB_COOKIE, StickySession.Type.APP_COOKIE);

  static @Nullable StickyDraft read(Setting setting, Faults faults) {
    Section section = setting.section(
        "type", "duration", "mode", "maxDuration", "cookieName", "quota", "encrypted", "secure");
    if (section == null) {
      return null;
    }
    StickySession.Type type = section.required(
        "type",
        Shown.names(TYPES.stream().map(StickySession.Type::toString).toList()),
        value -> value.choice(TYPES));
    checkOnly(section, "quota", StickySession.Type.SOURCE_IP, type, faults);
    checkOnly(section, "encrypted", StickySession.Type.LB_COOKIE, type, faults);
    checkOnly(section, "secure", StickySession.Type.LB_COOKIE, type, faults);
    return new StickyDraft(
        section,
        type,
        section.optional("duration", StickySession.DEFAULT_DURATION, Values::duration),
        section.optional("mode", Mode.SLIDING, value -> value.choice(Mode.values())),
        section.optional("maxDuration", Values::duration),
        section.optional("cookieName", value -> value.text("a cookie's name")),
        section.optional("quota", QuotaConfig::read),
        section.optional("encrypted", false, Setting::flag),
        section.optional("secure", Setting::flag));
  }

  private static void checkOnly(
      Section section,
      String key,
      StickySession.Type only,
      StickySession.@Nullable Type type,
      Faults faults) {
    if (section.has(key) && type != null && type != only) {
      faults.add(section.line(key), key, section.shown(key), "absent with type " + type);
    }
  }

  /**
   * Returns the declaration, with defaults for values that could not be read; null without a type.
   */
  @Nullable
  StickySession session() {
    if (type == null) {
      return null;
    }
    return StickySession.of(type)
        .withDuration((duration != null) ? duration : StickySession.DEFAULT_DURATION)
        .withMode((mode != null) ? mode : Mode.SLIDING)
        .withMaxDuration((duration != null && mode != null) ? maxDuration : null)
        .withCookieName(cookieName);
  }

  /**
   * Returns whether a setting is present but could not be read, so that no further fault of it
   * should be reported.
   */
  boolean isUnreadable(String key) {
    return switch (key) {
      case "duration" -> duration == null;
      case "maxDuration" -> section.has(key) && maxDuration == null;
      case "cookieName" -> section.has(key) && cookieName == null;
      default -> false;
    };
  }

  /** Returns the settings. Call this only if there were no faults. */
  StickyConfig config() {
    return new StickyConfig(requireNonNull(session()), quota, requireNonNull(encrypted), secure);
  }
}
