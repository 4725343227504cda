package dev.limpet.examples.gateway.config;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import dev.limpet.examples.gateway.config.FieldConfig.Form;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A {@code stickySession} as read so far. A value is null if it is absent or could not be read. */
record StickyDraft(
    Section section,
    @Nullable StickyType type,
    @Nullable Duration duration,
    @Nullable Mode mode,
    @Nullable Duration maxDuration,
    @Nullable String cookieName,
    @Nullable QuotaConfig quota,
    @Nullable Integer ipv6Prefix,
    @Nullable LbCookieConfig cookie,
    @Nullable FieldConfig field) {
  private static final String[] KEYS = {
    "type",
    "duration",
    "mode",
    "maxDuration",
    "cookieName",
    "quota",
    "ipv6Prefix",
    "encrypted",
    "secure",
    "path",
    "domain",
    "sameSite",
    "hostPrefix",
    "partitioned",
    "header",
    "parameter",
    "form",
    "pathParameter",
    "cookieFirst",
    "separator",
    "ranked",
    "appendRoute"
  };
  private static final Duration LEARNED_DURATION = Duration.ofMinutes(30);
  private static final Duration TOKEN_DURATION = Duration.ofHours(24);
  private static final int IPV6_BITS = 128;

  static @Nullable StickyDraft read(Setting setting, Faults faults) {
    Section section = setting.section(KEYS);
    if (section == null) {
      return null;
    }
    StickyType type = section.required(
        "type", Shown.names(StickyType.spelled()), value -> value.choice(StickyType.values()));
    checkKeys(section, type, faults);
    FieldConfig field = (type == null) ? null : FieldConfig.read(section, type);
    return new StickyDraft(
        section,
        type,
        section.optional("duration", defaultDuration(type, field), Values::duration),
        section.optional("mode", defaultMode(type, field), value -> value.choice(Mode.values())),
        section.optional("maxDuration", Values::duration),
        (type != null && type.isCustom())
            ? null
            : section.optional("cookieName", value -> value.text("a cookie's name")),
        section.optional("quota", QuotaConfig::read),
        section.optional("ipv6Prefix", value -> value.number(1, IPV6_BITS)),
        LbCookieConfig.read(section),
        field);
  }

  private static void checkKeys(Section section, @Nullable StickyType type, Faults faults) {
    for (String key : KEYS) {
      if (section.has(key) && type != null && !key.equals("type") && !type.has(key)) {
        faults.add(section.line(key), key, section.shown(key), "absent with type " + type);
      }
    }
  }

  private static Duration defaultDuration(@Nullable StickyType type, @Nullable FieldConfig field) {
    if (isToken(type, field)) {
      return TOKEN_DURATION;
    }
    return (field != null && hasForm(type) && field.form() == Form.LEARNED)
        ? LEARNED_DURATION
        : StickySession.DEFAULT_DURATION;
  }

  private static Mode defaultMode(@Nullable StickyType type, @Nullable FieldConfig field) {
    return isToken(type, field) ? Mode.ABSOLUTE : Mode.SLIDING;
  }

  private static boolean isToken(@Nullable StickyType type, @Nullable FieldConfig field) {
    return type == StickyType.PREFIX_COOKIE
        || (hasForm(type) && field != null && field.form().isToken());
  }

  private static boolean hasForm(@Nullable StickyType type) {
    return type == StickyType.HEADER || type == StickyType.MCP;
  }

  /** Returns whether all that is there could be read. */
  boolean isRead() {
    return type != null
        && duration != null
        && mode != null
        && section.has("maxDuration") == (maxDuration != null)
        && (type.isCustom() || section.has("cookieName") == (cookieName != null))
        && cookie != null
        && field != null;
  }

  /** Returns whether clients keep what the gateway gave them, so that sessions cannot slide. */
  boolean isToken() {
    return isToken(type, field);
  }

  /** Returns whether the sessions are in a table, which gateways can share. */
  boolean hasTable() {
    return switch (requireNonNull(type)) {
      case LB_COOKIE, ROUTE_SUFFIX, PREFIX_COOKIE -> false;
      case HEADER, MCP -> !requireNonNull(field).form().isToken();
      default -> true;
    };
  }

  /**
   * Returns the declaration, with defaults for values that could not be read; null without a type.
   */
  @Nullable
  StickySession session() {
    if (type == null) {
      return null;
    }
    return StickySession.of(type.declared())
        .withDuration((duration != null) ? duration : defaultDuration(type, field))
        .withMode((mode != null) ? mode : defaultMode(type, field))
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
    return new StickyConfig(
        requireNonNull(type),
        requireNonNull(session()),
        quota,
        ipv6Prefix,
        requireNonNull(cookie),
        requireNonNull(field));
  }
}
