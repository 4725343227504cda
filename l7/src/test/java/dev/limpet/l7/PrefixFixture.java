package dev.limpet.l7;

import dev.limpet.core.Environment;
import dev.limpet.core.Pool;
import dev.limpet.core.Profile;
import dev.limpet.core.Route;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** A pool of three backends behind a router by the prefix of SID, with a clock of the test's. */
final class PrefixFixture {
  static final String COOKIE = "SID";
  static final Duration DURATION = Duration.ofHours(1);

  final TestClock clock = new TestClock();
  final Environment environment = Environment.of(LbFixture.secret(1)).withWallClock(clock);
  final Pool pool = Pool.builder("web")
      .backends(List.of(LbFixture.backend("a"), LbFixture.backend("b"), LbFixture.backend("c")))
      .environment(environment)
      .build();
  final PrefixCookieAffinity<Request, Response> affinity;
  final HttpRouter<Request, Response> router;

  PrefixFixture() {
    this(b -> b);
  }

  PrefixFixture(UnaryOperator<PrefixCookieAffinity.Builder<Request, Response>> settings) {
    this.affinity = affinity(settings);
    this.router = router(affinity);
  }

  /** Another affinity of the same pool, keys and clock. */
  PrefixCookieAffinity<Request, Response> affinity(
      UnaryOperator<PrefixCookieAffinity.Builder<Request, Response>> settings) {
    return settings
        .apply(PrefixCookieAffinity.builder(pool, Response.ACCESS, COOKIE).duration(DURATION))
        .build();
  }

  HttpRouter<Request, Response> router(HttpAffinity<Request, Response> by) {
    return HttpRouter.builder(pool, by).profile(Profile.OPEN).build();
  }

  /** The fields that a client gets if a backend sets these. */
  List<String> answered(String... setCookies) {
    Response response = Response.ok().with("Set-Cookie", setCookies);
    router.onResponse(Request.of(), router.route(Request.of()), response);
    return response.setCookies();
  }

  /** The value that a client has after a backend has set one. */
  String prefixed(String value) {
    return value(answered(COOKIE + '=' + value).get(0));
  }

  static String value(String setCookie) {
    return setCookie.split(";", -1)[0].substring(COOKIE.length() + 1);
  }

  static Request sid(String value) {
    return Request.of(COOKIE + '=' + value);
  }

  Route route(String value) {
    return router.route(sid(value));
  }

  /** The Cookie fields that a backend receives. */
  List<String> received(String... cookies) {
    return router.fieldsToBackend(Request.of(cookies)).getOrDefault("Cookie", List.of(cookies));
  }
}
