package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Drained;
import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Profile;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.core.WeightedRendezvous;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.affinity.Quota;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HttpRouterTest {
  private final Pool pool =
      Pool.of("web", LbFixture.backend("a"), LbFixture.backend("b"), LbFixture.backend("c"));
  private final HttpAffinity<Request, Response> byFirstField = HttpAffinity.of(
      KeyAffinity.builder(
              KeyExtractor.<Request>string(request -> request.cookies().get(0)))
          .build(),
      Response.ACCESS);

  @Test
  void tokensOfAnotherPool_areRefused() {
    LbCookieAffinity<Request, Response> affinity =
        LbCookieAffinity.builder(pool, Response.ACCESS).build();
    Pool other = Pool.of("other", LbFixture.backend("a"));

    assertThatThrownBy(() -> HttpRouter.of(other, affinity))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pool: other (expected: the affinity's own, web)");
    assertThatThrownBy(() -> HttpRouter.of(Pool.of("web", LbFixture.backend("a")), affinity))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pool: web"
            + " (expected: the affinity's own Pool object, not another one of that name)");
  }

  @Test
  void aPlainAffinity_sticksAndLeavesResponsesAsTheyAre() {
    HttpRouter<Request, Response> router = HttpRouter.of(pool, byFirstField);
    Request request = Request.of("limpet-web=x; SID=y");
    Response response = Response.ok().with("Set-Cookie", "limpet-web=x", "SID=y");

    Route first = router.route(request);
    router.onResponse(request, first, response);
    Route next = router.route(request);

    assertThat(first.outcome()).isEqualTo(Outcome.NEW);
    assertThat(next.outcome()).isEqualTo(Outcome.KEPT);
    assertThat(next.backend()).isEqualTo(first.backend());
    assertThat(response.changes()).isZero();
    assertThat(router.fieldsToBackend(request)).isEmpty();
    assertThat(router.responseStats()).isEqualTo(ResponseStats.NONE);
    assertThat(router.unbind(request)).isTrue();
    assertThat(router.peek(request).member()).isNull();
    assertThat(router.pool()).isSameAs(pool);
  }

  @Test
  void aCountedRoute_holdsAConnectionOfWhereARequestGoes() {
    Pool counting = counting();
    HttpRouter<Request, Response> router = HttpRouter.of(counting, byFirstField);
    Request request = Request.of("SID=y");
    try (Route first = router.route(request);
        Route unbound = router.routeUnbound(request)) {
      assertThat(LbFixture.connections(counting)).isEqualTo(2);
      assertThat(unbound.outcome()).isEqualTo(Outcome.UNBOUND);
      try (Route next = router.reroute(request, first)) {
        assertThat(next.failed()).isSameAs(first);
        assertThat(LbFixture.connections(counting)).isEqualTo(2);
      }
    }
    assertThat(LbFixture.connections(counting)).isZero();
  }

  @Test
  void aRouteThatIsClosed_canHaveItsResponse() {
    Pool counting = counting();
    HttpRouter<Request, Response> router = HttpRouter.of(
        counting, LbCookieAffinity.builder(counting, Response.ACCESS).build());
    Request request = Request.of();
    Response response = Response.ok();

    Route route = router.route(request);
    route.close();
    router.onResponse(request, route, response);

    assertThat(response.setCookies()).hasSize(1);
    assertThat(LbFixture.connections(counting)).isZero();
  }

  @Test
  void aPlainAffinity_isAskedForAllThatItKnows() throws Exception {
    KeyExtractor<Request> first =
        KeyExtractor.string(request -> request.cookies().get(0));
    HttpAffinity<Request, Response> limited = HttpAffinity.of(
        KeyAffinity.builder(first)
            .quota(Quota.ofLive(1), (request, hasher) -> 1)
            .build(),
        Response.ACCESS);
    HttpRouter<Request, Response> router =
        HttpRouter.builder(pool, limited).profile(Profile.OPEN).build();
    Request request = Request.of("SID=1");

    String home = Browser.id(router.route(request));

    assertThat(router.route(Request.of("SID=2")).reason()).isEqualTo(Reason.OVER_QUOTA);
    assertThat(limited.remaining(home).bindings()).hasValue(1);
    assertThat(limited.unbind(limited.key(request), "nobody")).isFalse();
    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    try {
      CompletionStage<Drained> drained = router.drain(home, Duration.ZERO, executor);
      assertThat(drained.toCompletableFuture().get(10, TimeUnit.SECONDS)).isNotNull();
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void drains_areTimedByTheClockOfThePool() {
    AtomicLong nanos = new AtomicLong();
    Pool timed = Pool.builder("web")
        .backends(List.of(LbFixture.backend("a"), LbFixture.backend("b")))
        .environment(Environment.local().withClock(nanos::get))
        .build();
    HttpRouter<Request, Response> router = HttpRouter.of(timed, byFirstField);
    Route home = router.route(Request.of("SID=y"));
    CompletableFuture<Drained> drained =
        router.drain(Browser.id(home), Duration.ofMinutes(1)).toCompletableFuture();
    nanos.addAndGet(Duration.ofMinutes(1).toNanos() - 1);
    router.advanceDrains();
    assertThat(drained).isNotDone();
    nanos.addAndGet(1);
    router.advanceDrains();
    assertThat(drained).isDone();
  }

  @Test
  void durationsAreThoseOfLayer7() {
    StickySession day = StickySession.lbCookie().withDuration(Duration.ofDays(1));
    assertThat(HttpRouter.of(pool, lbCookie(day))).isNotNull();

    HttpAffinity<Request, Response> tooLong =
        lbCookie(day.withDuration(Duration.ofDays(1).plusMinutes(1)));
    assertThatThrownBy(() -> HttpRouter.of(pool, tooLong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("duration: PT24H1M (expected: PT1M..PT24H at layer 7, in whole seconds)"
            + " [profile enhanced, allowed by Profile.OPEN]");
    assertThat(HttpRouter.builder(pool, tooLong).profile(Profile.OPEN).build()).isNotNull();
  }

  @Test
  void sourceIpIsRefusedOutsideOfTheOpenProfile() {
    HttpAffinity<Request, Response> sourceIp = HttpAffinity.of(
        KeyAffinity.builder(KeyExtractor.<Request>number(request -> 1))
            .session(StickySession.sourceIp())
            .build(),
        Response.ACCESS);

    assertThatThrownBy(() -> HttpRouter.of(pool, sourceIp))
        .hasMessage("type: source-ip (expected: lb-cookie or app-cookie at layer 7)"
            + " [profile enhanced, allowed by Profile.OPEN]");
    assertThat(HttpRouter.builder(pool, sourceIp).profile(Profile.OPEN).build()).isNotNull();
  }

  @Test
  void settingsReachTheRouter() {
    List<Route> heard = new ArrayList<>();
    Pool hashing = Pool.builder("h")
        .balancer(new WeightedRendezvous())
        .backends(List.of(LbFixture.backend("a"), LbFixture.backend("b")))
        .build();
    HttpRouter<Request, Response> router = HttpRouter.builder(hashing, byFirstField)
        .profile(Profile.OPEN)
        .failover(Failover.STRICT)
        .balanceBy(KeyExtractor.string(request -> request.cookies().get(1)))
        .listener((request, route) -> heard.add(route))
        .build();
    Request request = Request.of("k", "x");

    Route first = router.routeUnbound(request);
    for (int i = 0; i < 10; i++) {
      assertThat(router.routeUnbound(request).backend()).isEqualTo(first.backend());
    }
    Route bound = router.route(request);
    hashing.change(edit -> edit.down(Browser.id(bound)));
    assertThat(router.route(request).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(heard).hasSize(13);
    assertThat(router.stats().requests()).isEqualTo(13);
  }

  @Test
  void routesWithoutABackend_haveNoResponsePhase() {
    Pool empty = Pool.of("web");
    HttpRouter<Request, Response> router =
        HttpRouter.of(empty, LbCookieAffinity.builder(empty, Response.ACCESS).build());
    Response response = Response.of(503).with("Set-Cookie", "limpet-web=x");

    Route route = router.route(Request.of());
    router.onResponse(Request.of(), route, response);

    assertThat(route.outcome()).isEqualTo(Outcome.NO_BACKEND);
    assertThat(response.changes()).isZero();
  }

  private static Pool counting() {
    return Pool.builder("web")
        .backends(List.of(LbFixture.backend("a"), LbFixture.backend("b")))
        .countConnections()
        .build();
  }

  private HttpAffinity<Request, Response> lbCookie(StickySession session) {
    return LbCookieAffinity.builder(pool, Response.ACCESS).session(session).build();
  }
}
