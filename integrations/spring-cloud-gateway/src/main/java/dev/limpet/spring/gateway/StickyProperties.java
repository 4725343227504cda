package dev.limpet.spring.gateway;

import static java.util.Objects.requireNonNullElse;

import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import dev.limpet.l7.SameSite;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code limpet.pools.<name>.sticky-session.*}. Null means absent.
 *
 * @param type what identifies a session
 * @param duration how long a session lasts
 * @param mode whether the duration counts from the last use or from the beginning
 * @param maxDuration the longest time that a sliding session lasts
 * @param cookieName the name of the cookie
 * @param quota the limits of sessions that may take slots
 * @param ipv6Prefix how many bits of an IPv6 address identify a session
 * @param encrypted whether a cookie that the gateway makes is encrypted
 * @param secure whether it is {@code Secure}; if absent, as the request
 * @param path the attribute {@code Path}
 * @param domain the attribute {@code Domain}
 * @param sameSite the attribute {@code SameSite}
 * @param hostPrefix whether its name begins with {@code __Host-}
 * @param partitioned whether it is {@code Partitioned}
 * @param header the name of the header field
 * @param parameter the name of the parameter
 * @param form what becomes of an id in a header field
 * @param pathParameter the parameter of the path that has an id and a route
 * @param cookieFirst whether the cookie counts before the path
 * @param separator the character between an id and its route
 * @param ranked whether several routes may follow an id
 * @param appendRoute whether the gateway adds the route to an id that has none
 */
record StickyProperties(
    @DefaultValue("lb-cookie") StickyType type,
    @Nullable Duration duration,
    @Nullable Mode mode,
    @Nullable Duration maxDuration,
    @Nullable String cookieName,
    @Nullable QuotaProperties quota,
    @Nullable Integer ipv6Prefix,
    @Nullable Boolean encrypted,
    @Nullable Boolean secure,
    @Nullable String path,
    @Nullable String domain,
    @Nullable SameSite sameSite,
    @Nullable Boolean hostPrefix,
    @Nullable Boolean partitioned,
    @Nullable String header,
    @Nullable String parameter,
    @Nullable StickyForm form,
    @Nullable String pathParameter,
    @Nullable Boolean cookieFirst,
    @Nullable String separator,
    @Nullable Boolean ranked,
    @Nullable Boolean appendRoute) {

  private static final Duration LEARNED_DURATION = Duration.ofMinutes(30);
  private static final Duration TOKEN_DURATION = Duration.ofHours(24);

  /** Returns the declaration of the sessions. */
  StickySession session() {
    return StickySession.of(type.declared())
        .withDuration((duration != null) ? duration : defaultDuration())
        .withMode(requireNonNullElse(mode, isToken() ? Mode.ABSOLUTE : Mode.SLIDING))
        .withMaxDuration(maxDuration)
        .withCookieName((type == StickyType.PREFIX_COOKIE) ? null : cookieName);
  }

  /** Returns what becomes of an id in a header field. */
  StickyForm formOrDefault() {
    return requireNonNullElse(
        form, (type == StickyType.MCP) ? StickyForm.SEALED : StickyForm.LEARNED);
  }

  /** Returns whether clients keep what the gateway gave them, so that sessions cannot slide. */
  boolean isToken() {
    return type == StickyType.PREFIX_COOKIE || (hasForm() && formOrDefault().isToken());
  }

  /** Returns whether the sessions are in a table, which gateways can share. */
  boolean hasTable() {
    return switch (type) {
      case LB_COOKIE, ROUTE_SUFFIX, PREFIX_COOKIE -> false;
      case HEADER, MCP -> !isToken();
      case SOURCE_IP, APP_COOKIE, QUERY, PATH -> true;
    };
  }

  /** Returns the properties that are present, by their keys, except the type. */
  Map<String, Object> present() {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("duration", duration);
    all.put("mode", mode);
    all.put("max-duration", maxDuration);
    all.put("cookie-name", cookieName);
    all.put("quota", quota);
    all.put("ipv6-prefix", ipv6Prefix);
    all.put("encrypted", encrypted);
    all.put("secure", secure);
    all.put("path", path);
    all.put("domain", domain);
    all.put("same-site", sameSite);
    all.put("host-prefix", hostPrefix);
    all.put("partitioned", partitioned);
    all.put("header", header);
    all.put("parameter", parameter);
    all.put("form", form);
    all.put("path-parameter", pathParameter);
    all.put("cookie-first", cookieFirst);
    all.put("separator", separator);
    all.put("ranked", ranked);
    all.put("append-route", appendRoute);
    Map<String, Object> present = new LinkedHashMap<>();
    all.forEach((key, value) -> {
      if (value != null) {
        present.put(key, value);
      }
    });
    return present;
  }

  private boolean hasForm() {
    return type == StickyType.HEADER || type == StickyType.MCP;
  }

  private Duration defaultDuration() {
    if (isToken()) {
      return TOKEN_DURATION;
    }
    return (hasForm() && formOrDefault() == StickyForm.LEARNED)
        ? LEARNED_DURATION
        : StickySession.DEFAULT_DURATION;
  }
}
