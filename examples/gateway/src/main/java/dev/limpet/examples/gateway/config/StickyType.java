package dev.limpet.examples.gateway.config;

import dev.limpet.core.Layer;
import dev.limpet.core.StickySession;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What identifies a session. */
public enum StickyType {
  /** The client's address. */
  SOURCE_IP(StickySession.Type.SOURCE_IP, "quota", "ipv6Prefix"),
  /** A cookie that the gateway sets. */
  LB_COOKIE(
      StickySession.Type.LB_COOKIE,
      "encrypted",
      "secure",
      "path",
      "domain",
      "sameSite",
      "hostPrefix",
      "partitioned"),
  /** A cookie that the application sets. */
  APP_COOKIE(StickySession.Type.APP_COOKIE),
  /** A route after the session's id, in a cookie or in the path. */
  ROUTE_SUFFIX("cookieName", "pathParameter", "cookieFirst", "separator", "ranked", "appendRoute"),
  /** A cookie of the application, before whose value the gateway puts its own. */
  PREFIX_COOKIE("cookieName", "duration", "encrypted"),
  /** A header field. */
  HEADER("header", "form", "duration", "mode", "maxDuration"),
  /** The header field of the Model Context Protocol. */
  MCP("form", "duration", "mode", "maxDuration"),
  /** A parameter of the query. */
  QUERY("parameter", "duration", "mode", "maxDuration"),
  /** A parameter of the path, such as {@code ;id=7}. */
  PATH("parameter", "duration", "mode", "maxDuration");

  private static final Set<String> PRODUCT_KEYS =
      Set.of("duration", "mode", "maxDuration", "cookieName");

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

  /** Returns whether the limits of the profile do not apply. */
  public boolean isCustom() {
    return declared == StickySession.Type.CUSTOM;
  }

  /** Returns the type of the sessions for the library. */
  public StickySession.Type declared() {
    return declared;
  }

  /** Returns whether a key has a meaning with this type. */
  boolean has(String key) {
    return keys.contains(key) || (!isCustom() && PRODUCT_KEYS.contains(key));
  }

  /** Returns whether connections of a layer can have such sessions at all. */
  boolean isPossibleAt(Layer layer) {
    return !isCustom() || layer == Layer.LAYER_7;
  }

  static List<String> spelled() {
    return Arrays.stream(values()).map(StickyType::toString).toList();
  }

  /** Returns the type as the file spells it. */
  @Override
  public String toString() {
    return Spelled.of(this);
  }
}
