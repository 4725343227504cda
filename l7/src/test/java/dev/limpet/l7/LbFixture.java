package dev.limpet.l7;

import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.Pool;
import dev.limpet.core.Profile;
import dev.limpet.core.StickySession;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.UnaryOperator;

/** A pool of three backends behind a router by LB cookie, with a clock that stands still. */
final class LbFixture {
  static final String COOKIE = "limpet-web";
  static final Duration DURATION = Duration.ofMinutes(16);
  static final Duration THRESHOLD = Duration.ofMinutes(1);

  final TestClock clock = new TestClock();
  final Environment environment = Environment.local().withWallClock(clock);
  final Pool pool = Pool.of("web", backend("a"), backend("b"), backend("c"));
  final CookieKeys keys = CookieKeys.builder().signing(1, secret(1)).build();
  final LbCookieAffinity<Request, Response> affinity;
  final HttpRouter<Request, Response> router;

  LbFixture(Failover failover, UnaryOperator<StickySession> session) {
    this.affinity = affinity(b -> b.session(session.apply(sessions())));
    this.router = HttpRouter.builder(pool, affinity)
        .profile(Profile.OPEN)
        .failover(failover)
        .build();
  }

  LbFixture(Failover failover) {
    this(failover, session -> session);
  }

  LbFixture() {
    this(Failover.MOVE);
  }

  static StickySession sessions() {
    return StickySession.lbCookie().withDuration(DURATION);
  }

  /** Another affinity of the same pool, keys, secret and clock. */
  LbCookieAffinity<Request, Response> affinity(
      UnaryOperator<LbCookieAffinityBuilder<Request, Response>> settings) {
    return settings
        .apply(LbCookieAffinity.builder(pool, Response.ACCESS)
            .session(sessions())
            .keys(keys)
            .environment(environment))
        .build();
  }

  HttpRouter<Request, Response> router(
      UnaryOperator<LbCookieAffinityBuilder<Request, Response>> settings) {
    return HttpRouter.of(pool, affinity(settings));
  }

  static Backend backend(String id) {
    return Backend.of(id, "127.0.0.1", 80);
  }

  /** How many connections the routes of a pool hold. */
  static int connections(Pool pool) {
    return pool.snapshot().members().stream()
        .mapToInt(member -> member.load().connections())
        .sum();
  }

  static byte[] secret(int number) {
    byte[] secret = new byte[CookieKeys.MIN_SECRET_BYTES];
    Arrays.fill(secret, (byte) number);
    return secret;
  }

  /** The parts of the token that a browser holds; whether it is genuine is not checked. */
  static LbToken token(Browser browser) {
    return token(browser.cookie(COOKIE));
  }

  static LbToken token(String text) {
    if (text.length() != TokenText.SIGNED_LENGTH) {
      throw new AssertionError("no signed token: " + text);
    }
    return SignedToken.read(text, 0);
  }

  static byte[] bytes(String token) {
    return Base64.getUrlDecoder().decode(token);
  }

  static String text(byte[] token) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }
}
