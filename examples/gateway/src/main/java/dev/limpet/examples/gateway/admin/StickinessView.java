package dev.limpet.examples.gateway.admin;

import dev.limpet.core.Affinity;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.examples.gateway.config.Durations;
import dev.limpet.examples.gateway.config.FieldConfig;
import dev.limpet.examples.gateway.config.LbCookieConfig;
import dev.limpet.examples.gateway.config.QuotaConfig;
import dev.limpet.examples.gateway.config.StickyConfig;
import dev.limpet.examples.gateway.config.StickyType;
import dev.limpet.l7.SameSite;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How sessions stick, in words and with the keys of the configuration file. */
final class StickinessView {
  private static final String NOT_STICKY = "not sticky";

  private StickinessView() {}

  /**
   * Returns how the sessions of a router stick now, such as {@code sticky by LB cookie, 20 min
   * sliding, up to 8 h}.
   *
   * @param router the running router
   * @param config names what identifies a session; null if sessions do not stick
   */
  static String effective(StickyRouter<?> router, @Nullable StickyConfig config) {
    StickySession session = session(router);
    if (session == null || config == null) {
      return NOT_STICKY;
    }
    return "sticky by " + identity(config) + lifetime(config.type(), session);
  }

  private static @Nullable StickySession session(StickyRouter<?> router) {
    for (Affinity<?> part : router.affinity().parts()) {
      if (part.session() != null) {
        return part.session();
      }
    }
    return null;
  }

  private static String identity(StickyConfig config) {
    FieldConfig field = config.field();
    return switch (config.type()) {
      case SOURCE_IP -> "source IP";
      case LB_COOKIE -> "LB cookie";
      case APP_COOKIE -> "app cookie " + config.session().cookieName();
      case ROUTE_SUFFIX -> "the route after the session id in " + field.name();
      case PREFIX_COOKIE -> "a prefix in the cookie " + field.name();
      case HEADER -> "header " + field.name() + " (" + field.form() + ')';
      case MCP -> "MCP session (" + field.form() + ')';
      case QUERY -> "query parameter " + field.name();
      case PATH -> "path parameter " + field.name();
    };
  }

  private static String lifetime(StickyType type, StickySession session) {
    if (type == StickyType.ROUTE_SUFFIX) {
      return "";
    }
    String duration = ", " + Durations.plain(session.duration()) + ' ' + mode(session);
    Duration most = session.maxDuration();
    return (most == null) ? duration : duration + ", up to " + Durations.plain(most);
  }

  private static String mode(StickySession session) {
    return session.mode().name().toLowerCase(Locale.ROOT);
  }

  /** Returns settings with the keys of the file, without those that have their defaults. */
  static JsonObject json(StickyConfig config) {
    JsonObject json = new JsonObject().put("type", config.type().toString());
    StickySession session = config.session();
    if (config.type() != StickyType.ROUTE_SUFFIX) {
      json.put("duration", Durations.spelled(session.duration()));
    }
    if (config.type() != StickyType.ROUTE_SUFFIX && config.type() != StickyType.PREFIX_COOKIE) {
      Duration most = session.maxDuration();
      json.put("mode", mode(session))
          .put("maxDuration", (most == null) ? null : Durations.spelled(most));
    }
    if (config.type().isCustom()) {
      putField(json, config);
    } else {
      json.put("cookieName", session.cookieName());
    }
    putCookie(json, config.cookie());
    putQuota(json, config);
    return json;
  }

  private static void putField(JsonObject json, StickyConfig config) {
    FieldConfig field = config.field();
    switch (config.type()) {
      case HEADER -> json.put("header", field.name()).put("form", field.form().toString());
      case MCP -> json.put("form", field.form().toString());
      case QUERY, PATH -> json.put("parameter", field.name());
      case ROUTE_SUFFIX -> putSuffix(json.put("cookieName", field.name()), field.suffix());
      default -> json.put("cookieName", field.name());
    }
  }

  private static void putSuffix(JsonObject json, FieldConfig.Suffix suffix) {
    json.put("pathParameter", (suffix.pathParameter() == null) ? "none" : suffix.pathParameter())
        .put("cookieFirst", suffix.cookieFirst())
        .put("separator", String.valueOf(suffix.separator()))
        .put("ranked", suffix.ranked())
        .put("appendRoute", suffix.appendRoute());
  }

  private static void putCookie(JsonObject json, LbCookieConfig cookie) {
    putIf(cookie.encrypted(), json, "encrypted", true);
    putIf(cookie.secure() != null, json, "secure", cookie.secure());
    putIf(!cookie.path().equals("/"), json, "path", cookie.path());
    putIf(cookie.domain() != null, json, "domain", cookie.domain());
    String sameSite = cookie.sameSite().name().toLowerCase(Locale.ROOT);
    putIf(cookie.sameSite() != SameSite.LAX, json, "sameSite", sameSite);
    putIf(cookie.hostPrefix() != null, json, "hostPrefix", cookie.hostPrefix());
    putIf(cookie.partitioned(), json, "partitioned", true);
  }

  private static void putQuota(JsonObject json, StickyConfig config) {
    putIf(config.ipv6Prefix() != null, json, "ipv6Prefix", config.ipv6Prefix());
    QuotaConfig quota = config.quota();
    if (quota != null) {
      JsonObject limits = new JsonObject().put("percent", quota.percent());
      putIf(quota.newPerSecond() != null, limits, "newPerSecond", quota.newPerSecond());
      json.put("quota", limits);
    }
  }

  private static void putIf(boolean isSet, JsonObject json, String key, @Nullable Object value) {
    if (isSet) {
      json.put(key, value);
    }
  }
}
