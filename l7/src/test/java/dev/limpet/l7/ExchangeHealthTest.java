package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Failover;
import dev.limpet.core.FailureKind;
import dev.limpet.core.Member;
import dev.limpet.core.PassiveHealth;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolBuilder;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What exchanges report about the health of their backends. */
class ExchangeHealthTest {
  private static final Duration LONGEST = Duration.ofSeconds(90);

  private final AtomicLong nanos = new AtomicLong();

  private Pool pool(boolean counts, int... statuses) {
    LbFixture fixture = new LbFixture();
    PoolBuilder builder = Pool.builder("web")
        .environment(fixture.environment.withClock(nanos::get))
        .passiveHealth(PassiveHealth.builder().statuses(statuses).build())
        .backends(List.of(LbFixture.backend("a"), LbFixture.backend("b"), LbFixture.backend("c")));
    return (counts ? builder.countConnections() : builder).build();
  }

  private static HttpRouter<Request, Response> router(Pool pool, Failover failover) {
    LbCookieAffinity<Request, Response> affinity =
        LbCookieAffinity.builder(pool, Response.ACCESS).build();
    return HttpRouter.builder(pool, affinity).failover(failover).build();
  }

  private static HttpRouter<Request, Response> router(Pool pool) {
    return router(pool, Failover.MOVE);
  }

  private static StickyExchange<Request, Response> exchangeWith(
      HttpRouter<Request, Response> router, String id) {
    while (true) {
      StickyExchange<Request, Response> exchange = router.begin(Request.of());
      if (id(exchange).equals(id)) {
        return exchange;
      }
      exchange.close();
    }
  }

  private static String id(StickyExchange<?, ?> exchange) {
    return String.valueOf(exchange.backend() == null ? null : exchange.backend().id());
  }

  private static Member.State state(HttpRouter<?, ?> router, String id) {
    return router.pool().snapshot().member(id).state();
  }

  private static void fail(HttpRouter<Request, Response> router, FailureKind kind, int times) {
    for (int i = 0; i < times; i++) {
      try (StickyExchange<Request, Response> exchange = exchangeWith(router, "a")) {
        exchange.failed(kind);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void failedConnectsAreReported(boolean counts) {
    HttpRouter<Request, Response> router = router(pool(counts));
    for (int i = 0; i < 3; i++) {
      try (StickyExchange<Request, Response> exchange = exchangeWith(router, "a")) {
        assertThat(exchange.connectFailed()).isTrue();
      }
    }

    assertThat(state(router, "a")).isEqualTo(Member.State.EJECTED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anExchangeReportsAtMostOneFailureOfABackend(boolean counts) {
    HttpRouter<Request, Response> router = router(pool(counts));
    try (StickyExchange<Request, Response> exchange = exchangeWith(router, "a")) {
      for (int i = 0; i < 5; i++) {
        exchange.failed(FailureKind.TIMEOUT);
      }
    }

    assertThat(state(router, "a")).isEqualTo(Member.State.UP);
  }

  @Test
  void afterTheResponseNothingIsReported() {
    HttpRouter<Request, Response> router = router(pool(false));
    for (int i = 0; i < 3; i++) {
      try (StickyExchange<Request, Response> exchange = exchangeWith(router, "a")) {
        exchange.responded(Response.ok());
        exchange.failed(FailureKind.RESET_BEFORE_RESPONSE);
      }
    }

    assertThat(state(router, "a")).isEqualTo(Member.State.UP);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 404, 500, 502})
  void aResponseIsASuccess_unlessItsStatusCounts(int status) {
    HttpRouter<Request, Response> router = router(pool(true, 503));
    fail(router, FailureKind.CONNECT, 2);
    try (StickyExchange<Request, Response> exchange = exchangeWith(router, "a")) {
      exchange.responded(Response.of(status));
    }
    fail(router, FailureKind.CONNECT, 2);

    assertThat(state(router, "a")).isEqualTo(Member.State.UP);
  }

  @Test
  void statusesThatCount_ejectTheBackend() {
    HttpRouter<Request, Response> router = router(pool(true, 503));
    for (int i = 0; i < 3; i++) {
      try (StickyExchange<Request, Response> exchange = exchangeWith(router, "a")) {
        exchange.responded(Response.of(503));
      }
    }

    assertThat(state(router, "a")).isEqualTo(Member.State.EJECTED);
  }

  @Test
  void aHintBeforeTheResponse_isNoSuccess() {
    HttpRouter<Request, Response> router = router(pool(true));
    fail(router, FailureKind.CONNECT, 2);
    try (StickyExchange<Request, Response> exchange = exchangeWith(router, "a")) {
      exchange.responded(Response.of(103));
    }
    fail(router, FailureKind.CONNECT, 1);

    assertThat(state(router, "a")).isEqualTo(Member.State.EJECTED);
  }

  @Test
  void theThreeCalls_reportTheSame() {
    HttpRouter<Request, Response> router = router(pool(false, 503));
    for (int i = 0; i < 3; i++) {
      Route route = exchangeWith(router, "a").route();
      router.onResponse(Request.of(), route, Response.of(503));
    }
    assertThat(state(router, "a")).isEqualTo(Member.State.EJECTED);
    nanos.addAndGet(LONGEST.toNanos());
    Route probe = exchangeWith(router, "a").route();

    router.onResponseAsync(Request.of(), probe, Response.ok());

    assertThat(state(router, "a")).isEqualTo(Member.State.UP);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aProbeThatTheClientCancels_letsAnotherOneProbe(boolean counts) {
    HttpRouter<Request, Response> router = router(pool(counts));
    fail(router, FailureKind.CONNECT, 3);
    nanos.addAndGet(LONGEST.toNanos());
    exchangeWith(router, "a").close();
    assertThat(state(router, "a")).isEqualTo(Member.State.EJECTED);

    try (StickyExchange<Request, Response> exchange = exchangeWith(router, "a")) {
      exchange.responded(Response.ok());
    }

    assertThat(state(router, "a")).isEqualTo(Member.State.UP);
    assertThat(router.pool().ejectionStats().readmissions()).isEqualTo(1);
  }

  @Test
  void aSessionWithAnLbCookie_isRefusedAndThenProbes() {
    Pool pool = pool(true);
    HttpRouter<Request, Response> router = router(pool, Failover.STRICT);
    Browser browser = new Browser();
    try (StickyExchange<Request, Response> exchange = exchangeWith(router, "a")) {
      Response response = Response.ok();
      exchange.responded(response);
      browser.take(response);
    }
    fail(router, FailureKind.CONNECT, 3);

    StickyExchange<Request, Response> refused = router.begin(browser.request());
    assertThat(refused.route().reason()).isEqualTo(Reason.BACKEND_EJECTED);
    assertThat(refused.statusWithoutBackend()).isEqualTo(503);
    nanos.addAndGet(LONGEST.toNanos());

    assertThat(id(router.begin(browser.request()))).isEqualTo("a");
  }
}
