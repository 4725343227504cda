package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Processes that are given no ring of keys: their LB cookies follow from the environment. */
class LbCookieEnvironmentTest {
  private static final List<Backend> BACKENDS =
      List.of(LbFixture.backend("a"), LbFixture.backend("b"), LbFixture.backend("c"));

  private final Browser alice = new Browser();

  @Test
  void processesOfOneSecret_acceptEachOthersCookies() {
    HttpRouter<Request, Response> one = process(Environment.of(LbFixture.secret(1)));
    HttpRouter<Request, Response> other = process(Environment.of(LbFixture.secret(1)));
    for (int i = 0; i < 10; i++) {
      Browser browser = new Browser();
      Route first = browser.visit((i % 2 == 0) ? one : other);

      Route next = browser.visit((i % 2 == 0) ? other : one);

      assertThat(next.outcome()).isEqualTo(Outcome.KEPT);
      assertThat(next.backend()).isEqualTo(first.backend());
    }
  }

  @Test
  void processesOfOneSecret_moveASessionToTheSameBackend() {
    HttpRouter<Request, Response> one = process(Environment.of(LbFixture.secret(1)));
    HttpRouter<Request, Response> other = process(Environment.of(LbFixture.secret(1)));
    for (int i = 0; i < 20; i++) {
      Browser browser = new Browser();
      String home = Browser.id(browser.visit(one));
      List.of(one, other).forEach(router -> router.pool().change(edit -> edit.down(home)));

      Route moved = one.route(browser.request());

      assertThat(moved.outcome()).isEqualTo(Outcome.MOVED);
      assertThat(other.route(browser.request()).backend()).isEqualTo(moved.backend());
      List.of(one, other).forEach(router -> router.pool().change(edit -> edit.up(home)));
    }
  }

  @Test
  void aProcessOfAnotherSecret_acceptsNone() {
    alice.visit(process(Environment.of(LbFixture.secret(1))));

    Route route = process(Environment.of(LbFixture.secret(2))).route(alice.request());

    assertThat(route.outcome()).isEqualTo(Outcome.NEW);
    assertThat(route.reason()).isEqualTo(Reason.FORGED);
  }

  @Test
  void withoutASecret_cookiesAreAcceptedWithinTheProcess() {
    Pool pool = Pool.of("web", BACKENDS.toArray(Backend[]::new));
    Route first = alice.visit(router(pool, b -> b));

    Route next = alice.visit(router(pool, b -> b));

    assertThat(next.outcome()).isEqualTo(Outcome.KEPT);
    assertThat(next.backend()).isEqualTo(first.backend());
    assertThat(alice.visit(process(Environment.local())).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(
            process(Environment.of(LbFixture.secret(1))).route(alice.request()).reason())
        .isEqualTo(Reason.FORGED);
  }

  @Test
  void anAffinitysOwnEnvironment_comesBeforeThePools() {
    Pool pool = pool(Environment.of(LbFixture.secret(1)));
    Environment own = Environment.of(LbFixture.secret(2));
    alice.visit(router(pool, b -> b.environment(own)));

    assertThat(router(pool, b -> b).route(alice.request()).reason()).isEqualTo(Reason.FORGED);
    assertThat(alice.visit(process(own)).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void thePoolsWallClock_datesTheCookies() {
    TestClock clock = new TestClock();
    HttpRouter<Request, Response> router =
        process(Environment.of(LbFixture.secret(1)).withWallClock(clock));
    alice.visit(router);
    clock.advance(Duration.ofHours(1));

    assertThat(router.route(alice.request()).reason()).isEqualTo(Reason.EXPIRED);
  }

  @Test
  void keysThatAreGiven_comeBeforeTheEnvironments() {
    Environment environment = Environment.of(LbFixture.secret(1));
    CookieKeys keys = CookieKeys.builder().signing(0, LbFixture.secret(1)).build();
    alice.visit(router(pool(environment), b -> b.keys(keys)));

    assertThat(process(environment).route(alice.request()).reason()).isEqualTo(Reason.FORGED);
    assertThat(alice.visit(router(pool(environment), b -> b.keys(keys))).outcome())
        .isEqualTo(Outcome.KEPT);
  }

  @Test
  void aRotationAwayFromTheEnvironmentsKey_losesNoSession() {
    Environment environment = Environment.of(LbFixture.secret(1));
    CookieKeys switched =
        CookieKeys.of(environment).with(1, LbFixture.secret(2)).signingBy(1);
    Route first = alice.visit(process(environment));
    Pool pool = pool(environment);
    LbCookieAffinity<Request, Response> affinity =
        LbCookieAffinity.builder(pool, Response.ACCESS).build();
    HttpRouter<Request, Response> router = HttpRouter.of(pool, affinity);

    affinity.rotate(switched);

    assertThat(alice.visit(router).backend()).isEqualTo(first.backend());
    assertThat(router.stats().count(Outcome.KEPT)).isEqualTo(1);
    affinity.rotate(switched.without(0));
    assertThat(router.route(alice.request()).reason()).isEqualTo(Reason.UNKNOWN_KEY);
  }

  /** What one proxy of the pool has. */
  private static HttpRouter<Request, Response> process(Environment environment) {
    return router(pool(environment), b -> b);
  }

  private static Pool pool(Environment environment) {
    return Pool.builder("web").backends(BACKENDS).environment(environment).build();
  }

  private static HttpRouter<Request, Response> router(
      Pool pool, UnaryOperator<LbCookieAffinityBuilder<Request, Response>> settings) {
    return HttpRouter.of(
        pool, settings.apply(LbCookieAffinity.builder(pool, Response.ACCESS)).build());
  }
}
