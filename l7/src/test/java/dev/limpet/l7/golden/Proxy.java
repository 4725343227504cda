package dev.limpet.l7.golden;

import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.Pool;
import dev.limpet.core.Profile;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import dev.limpet.l7.CookieKeys;
import dev.limpet.l7.HeaderAffinity;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.l7.LbCookieAffinityBuilder;
import dev.limpet.l7.McpAffinity;
import dev.limpet.l7.PrefixCookieAffinity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A proxy of the pool "web", with a fixed secret and a clock that is set by hand. */
final class Proxy {
  static final Instant BEGIN = Instant.parse("2026-12-01T12:00:00Z");
  static final StickySession SLIDING =
      StickySession.lbCookie().withDuration(Duration.ofMinutes(16));
  static final StickySession ABSOLUTE =
      StickySession.lbCookie().withDuration(Duration.ofHours(1)).withMode(Mode.ABSOLUTE);
  static final String FIELD = "X-Session";
  static final String USER = "X-User";
  static final String COOKIE = "SID";

  private static final byte[] SECRET =
      "limpet golden files: no secret of anybody".getBytes(StandardCharsets.US_ASCII);

  Instant now = BEGIN;
  CookieKeys keys;
  StickySession session = SLIDING;
  boolean secure;
  final Environment environment = Environment.of(SECRET).withWallClock(() -> now);
  private final Pool pool;

  Proxy(CookieKeys keys, Backend... backends) {
    this.keys = keys;
    this.pool =
        Pool.builder("web").environment(environment).backends(List.of(backends)).build();
  }

  HttpRouter<Message, Message> router(Kind kind) {
    return HttpRouter.builder(pool, affinity(kind)).profile(Profile.OPEN).build();
  }

  private HttpAffinity<Message, Message> affinity(Kind kind) {
    return switch (kind) {
      case LB_SIGNED -> lbCookie().keys(keys).build();
      case LB_ENCRYPTED -> lbCookie().keys(keys).encrypted(true).build();
      case LB_DERIVED -> lbCookie().build();
      case PREFIX_SIGNED -> prefix().build();
      case PREFIX_ENCRYPTED -> prefix().encrypted(true).build();
      case HEADER_SEALED -> header().build();
      case HEADER_BOUND -> header().boundTo(Proxy::user).build();
      case HEADER_ISSUED ->
        HeaderAffinity.issued(pool, Message.ACCESS, FIELD).keys(keys).build();
      case MCP_SEALED -> McpAffinity.sealed(pool, Message.ACCESS).keys(keys).build();
    };
  }

  private LbCookieAffinityBuilder<Message, Message> lbCookie() {
    return LbCookieAffinity.builder(pool, Message.ACCESS)
        .environment(environment)
        .session(session)
        .secure(secure);
  }

  private PrefixCookieAffinity.Builder<Message, Message> prefix() {
    return PrefixCookieAffinity.builder(pool, Message.ACCESS, COOKIE).keys(keys);
  }

  private HeaderAffinity.Builder<Message, Message> header() {
    return HeaderAffinity.sealed(pool, Message.ACCESS, FIELD).keys(keys);
  }

  private static String user(Message request) {
    return String.join("", request.fields(USER));
  }
}
