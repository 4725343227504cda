package dev.limpet.spring.gateway;

import dev.limpet.core.StickySession;
import java.util.Locale;
import java.util.Set;

/** What identifies a session. */
enum StickyType {
  /** The client's address. */
  SOURCE_IP(
      StickySession.Type.SOURCE_IP, "duration", "mode", "max-duration", "quota", "ipv6-prefix"),
  /** A cookie that the gateway sets. */
  LB_COOKIE(
      StickySession.Type.LB_COOKIE,
      "duration",
      "mode",
      "max-duration",
      "cookie-name",
      "encrypted",
      "secure",
      "path",
      "domain",
      "same-site",
      "host-prefix",
      "partitioned"),
  /** A cookie that the application sets. */
  APP_COOKIE(StickySession.Type.APP_COOKIE, "duration", "mode", "max-duration", "cookie-name"),
  /** A route after the session's id, in a cookie or in the path. */
  ROUTE_SUFFIX(
      "cookie-name", "path-parameter", "cookie-first", "separator", "ranked", "append-route"),
  /** A cookie of the application, before whose value the gateway puts its own. */
  PREFIX_COOKIE("cookie-name", "duration", "encrypted"),
  /** A header field. */
  HEADER("header", "form", "duration", "mode", "max-duration"),
  /** The header field of the Model Context Protocol. */
  MCP("form", "duration", "mode", "max-duration"),
  /** A parameter of the query. */
  QUERY("parameter", "duration", "mode", "max-duration"),
  /** A parameter of the path, such as {@code ;id=7}. */
  PATH("parameter", "duration", "mode", "max-duration");

  private final StickySession.Type declared;

  @SuppressWarnings("ImmutableEnumChecker") // Set.of is immutable
  private final Set<String> keys;

  StickyType(String... keys) {
    this(StickySession.Type.CUSTOM, keys);
  }

  StickyType(StickySession.Type declared, String... keys) {
    this.declared = declared;
    this.keys = Set.of(keys);
  }

  /** Returns the type of the sessions for the library. */
  StickySession.Type declared() {
    return declared;
  }

  /** Returns whether a key has a meaning with this type. */
  boolean has(String key) {
    return keys.contains(key);
  }

  /** Returns the type as properties spell it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
