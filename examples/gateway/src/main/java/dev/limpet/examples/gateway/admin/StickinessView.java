package dev.limpet.examples.gateway.admin;

import dev.limpet.core.Affinity;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.examples.gateway.config.Durations;
import dev.limpet.examples.gateway.config.FieldConfig;
import dev.limpet.examples.gateway.config.QuotaConfig;
import dev.limpet.examples.gateway.config.Spelled;
import dev.limpet.examples.gateway.config.StickyConfig;
import dev.limpet.examples.gateway.config.StickyType;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
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
    String duration = ", " + Durations.plain(session.duration()) + ' ' + Spelled.of(session.mode());
    Duration most = session.maxDuration();
    return (most == null) ? duration : duration + ", up to " + Durations.plain(most);
  }

  /**
   * Returns settings with the keys of the file, without those that have their defaults, as
   * {@link StickyConfig#settings} does.
   */
  static JsonObject json(StickyConfig config) {
    JsonObject json = new JsonObject();
    config.settings().forEach((key, value) -> json.put(key, plain(value)));
    return json;
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return (value instanceof QuotaConfig quota) ? json(quota) : value;
  }

  private static JsonObject json(QuotaConfig quota) {
    JsonObject limits = new JsonObject().put("percent", quota.percent());
    return (quota.newPerSecond() == null)
        ? limits
        : limits.put("newPerSecond", quota.newPerSecond());
  }
}
