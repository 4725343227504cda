package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Failover;
import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LbCookieRoutingTest {
  private final LbFixture web = new LbFixture();
  private final Browser alice = new Browser();

  @Test
  void firstRequest_isNewAndGetsTheCookie() {
    Route route = alice.visit(web.router);

    assertThat(route.outcome()).isEqualTo(Outcome.NEW);
    assertThat(route.reason()).isEqualTo(Reason.UNKNOWN);
    assertThat(alice.setCookies())
        .singleElement()
        .asString()
        .matches("limpet-web=[A-Za-z0-9_-]{44}; Path=/; HttpOnly; SameSite=Lax");
    assertThat(web.router.responseStats().issued()).isEqualTo(1);
  }

  @Test
  void laterRequests_areKeptAndTheirResponsesUntouched() {
    Route first = alice.visit(web.router);

    for (int i = 0; i < 10; i++) {
      Response response = Response.ok();
      Route next = alice.visit(web.router, response);
      assertThat(next.outcome()).isEqualTo(Outcome.KEPT);
      assertThat(next.backend()).isEqualTo(first.backend());
      assertThat(response.changes()).isZero();
    }
    assertThat(web.router.stats().count(Outcome.KEPT)).isEqualTo(10);
  }

  @Test
  void newSessions_takeTurns() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      ids.add(Browser.id(new Browser().visit(web.router)));
    }

    assertThat(ids).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void drain_keepsAndRefreshesBoundSessionsAndTakesNoNewOne() {
    Backend drained = served(alice.visit(web.router));
    web.pool.change(edit -> edit.drain(drained.id()));

    for (int i = 0; i < 5; i++) {
      web.clock.advance(LbFixture.DURATION);
      assertThat(alice.visit(web.router).backend()).isEqualTo(drained);
      assertThat(new Browser().visit(web.router).backend()).isNotEqualTo(drained);
    }
    assertThat(web.router.responseStats().refreshed()).isEqualTo(5);
  }

  @Test
  void weightZero_keepsBoundSessionsAndTakesNoNewOne() {
    Backend idle = served(alice.visit(web.router));
    web.pool.change(edit -> edit.weight(idle.id(), 0));

    for (int i = 0; i < 5; i++) {
      assertThat(alice.visit(web.router).outcome()).isEqualTo(Outcome.KEPT);
      assertThat(Browser.id(new Browser().visit(web.router))).isNotEqualTo(idle.id());
    }
  }

  @Test
  void down_movesTheSessionOnceAndForGood() {
    Backend first = served(alice.visit(web.router));
    LbToken before = LbFixture.token(alice);
    web.clock.advance(Duration.ofSeconds(5));
    web.pool.change(edit -> edit.down(first.id()));

    Route moved = alice.visit(web.router);

    assertThat(moved.outcome()).isEqualTo(Outcome.MOVED);
    assertThat(moved.reason()).isEqualTo(Reason.BACKEND_DOWN);
    assertThat(moved.backend()).isNotEqualTo(first);
    assertThat(alice.setCookies()).hasSize(1);
    LbToken after = LbFixture.token(alice);
    assertThat(after.session()).isEqualTo(before.session());
    assertThat(after.lastSeen()).isEqualTo(before.lastSeen() + 5);
    assertThat(after.tag()).isNotEqualTo(before.tag());

    web.pool.change(edit -> edit.up(first.id()));
    Route kept = alice.visit(web.router);
    assertThat(kept.outcome()).isEqualTo(Outcome.KEPT);
    assertThat(kept.backend()).isEqualTo(moved.backend());
    assertThat(alice.setCookies()).isEmpty();
  }

  @Test
  void down_parallelRequestsOfASessionMoveToTheSameBackend() {
    Backend first = served(alice.visit(web.router));
    web.pool.change(edit -> edit.down(first.id()));
    Request request = alice.request();

    Backend moved = served(web.router.route(request));

    for (int i = 0; i < 10; i++) {
      assertThat(web.router.route(request).backend()).isEqualTo(moved);
    }
  }

  @Test
  void down_lendsTheSessionUntilItsBackendIsBack() {
    LbFixture lending = new LbFixture(Failover.LEND);
    Backend own = served(alice.visit(lending.router));
    String cookie = alice.cookies();
    lending.pool.change(edit -> edit.down(own.id()));

    Route lent = alice.visit(lending.router);
    assertThat(lent.outcome()).isEqualTo(Outcome.LENT);
    assertThat(lent.backend()).isNotEqualTo(own);
    assertThat(alice.setCookies()).isEmpty();
    assertThat(alice.cookies()).isEqualTo(cookie);

    lending.pool.change(edit -> edit.up(own.id()));
    assertThat(alice.visit(lending.router).backend()).isEqualTo(own);
  }

  @Test
  void lent_refreshNamesTheSessionsOwnBackend() {
    LbFixture lending = new LbFixture(Failover.LEND);
    Backend own = served(alice.visit(lending.router));
    LbToken before = LbFixture.token(alice);
    lending.pool.change(edit -> edit.down(own.id()));

    for (int i = 0; i < 3; i++) {
      lending.clock.advance(LbFixture.DURATION);
      assertThat(alice.visit(lending.router).outcome()).isEqualTo(Outcome.LENT);
      assertThat(LbFixture.token(alice).tag()).isEqualTo(before.tag());
      assertThat(LbFixture.token(alice).session()).isEqualTo(before.session());
    }
    lending.pool.change(edit -> edit.up(own.id()));

    assertThat(alice.visit(lending.router).backend()).isEqualTo(own);
    assertThat(lending.router.responseStats().refreshed()).isEqualTo(3);
  }

  @Test
  void strict_refusesAndLeavesTheCookieAsItIs() {
    LbFixture strict = new LbFixture(Failover.STRICT);
    Backend own = served(alice.visit(strict.router));
    strict.pool.change(edit -> edit.down(own.id()));
    Response unavailable = Response.of(503).with("Set-Cookie", "limpet-web=; Max-Age=0");

    Route refused = alice.visit(strict.router, unavailable);

    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(refused.backend()).isNull();
    assertThat(unavailable.changes()).isZero();
  }

  @Test
  void strict_returnsToTheBackendOnRecovery() {
    LbFixture strict = new LbFixture(Failover.STRICT);
    Backend own = served(alice.visit(strict.router));
    strict.pool.change(edit -> edit.down(own.id()));
    alice.visit(strict.router);
    assertThat(alice.setCookies()).isEmpty();

    strict.pool.change(edit -> edit.up(own.id()));

    assertThat(alice.visit(strict.router).backend()).isEqualTo(own);
  }

  @ParameterizedTest
  @EnumSource(Failover.class)
  void removed_movesTheSessionWhateverTheFailover(Failover failover) {
    LbFixture other = new LbFixture(failover);
    Backend removed = served(alice.visit(other.router));
    other.pool.change(edit -> edit.remove(removed.id()));

    Route moved = alice.visit(other.router);
    assertThat(moved.outcome()).isEqualTo(Outcome.MOVED);
    assertThat(moved.reason()).isEqualTo(Reason.BACKEND_GONE);
    assertThat(moved.backend()).isNotEqualTo(removed);

    assertThat(alice.visit(other.router).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void addedAgain_resumesTheSession() {
    Backend backend = served(alice.visit(web.router));
    web.pool.change(edit -> edit.remove(backend.id()));
    web.pool.change(edit -> edit.add(backend));

    assertThat(alice.visit(web.router).backend()).isEqualTo(backend);
  }

  @Test
  void addedAgainWithAnotherGeneration_isAnotherBackend() {
    Backend backend = served(alice.visit(web.router));
    web.pool.change(edit -> edit.replace(backend.withGeneration("2")));

    assertThat(alice.visit(web.router).reason()).isEqualTo(Reason.BACKEND_GONE);
  }

  @Test
  void poolChanges_moveNoSessionWhoseBackendStays() {
    Backend backend = served(alice.visit(web.router));
    web.pool.change(edit -> edit.add(LbFixture.backend("d")).weight(backend.id(), 200));
    assertThat(alice.visit(web.router).outcome()).isEqualTo(Outcome.KEPT);

    web.pool.change(edit -> web.pool.snapshot().members().stream()
        .filter(member -> !member.backend().id().equals(backend.id()))
        .forEach(member -> edit.remove(member.backend().id())));
    assertThat(alice.visit(web.router).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void routeUnbound_ignoresTheSessionAndKeepsIt() {
    Backend own = served(alice.visit(web.router));
    Request request = alice.request();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      Route route = web.router.routeUnbound(request);
      Response response = Response.ok();
      web.router.onResponse(request, route, response);
      assertThat(route.outcome()).isEqualTo(Outcome.UNBOUND);
      assertThat(response.changes()).isZero();
      ids.add(Browser.id(route));
    }

    assertThat(ids).hasSize(3);
    assertThat(alice.visit(web.router).backend()).isEqualTo(own);
  }

  @Test
  void anotherProxyOfTheSameKeys_knowsEverySession() {
    HttpRouter<Request, Response> other = web.router(b -> b);
    for (int i = 0; i < 1000; i++) {
      Browser browser = new Browser();
      Route route = browser.visit(web.router);

      Route next = browser.visit(other);
      assertThat(next.outcome()).isEqualTo(Outcome.KEPT);
      assertThat(next.backend()).isEqualTo(route.backend());
    }
  }

  @Test
  void peek_knowsTheSessionAndCountsNothing() {
    Route route = alice.visit(web.router);

    assertThat(web.router.peek(alice.request()).name()).isEqualTo(Browser.id(route));
    assertThat(web.router.peek(Request.of()).reason()).isEqualTo(Reason.UNKNOWN);
    assertThat(web.router.stats().requests()).isEqualTo(1);
  }

  @Test
  void unbind_isUpToTheClient() {
    alice.visit(web.router);

    assertThat(web.router.unbind(alice.request())).isFalse();
    assertThat(alice.visit(web.router).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void key_isTheSameForTheWholeLifeOfASessionAndNoneWithoutOne() {
    assertThat(web.affinity.key(Request.of())).isZero();
    assertThat(web.affinity.key(Request.of("limpet-web=x"))).isZero();
    Route first = alice.visit(web.router);
    long key = web.affinity.key(alice.request());
    assertThat(key).isNotZero();

    web.clock.advance(LbFixture.DURATION);
    alice.visit(web.router);
    web.pool.change(edit -> edit.remove(Browser.id(first)));
    assertThat(web.affinity.key(alice.request())).isEqualTo(key);

    alice.visit(web.router);
    assertThat(web.affinity.key(alice.request())).isEqualTo(key);
  }

  private static Backend served(Route route) {
    Backend backend = route.backend();
    assertThat(backend).as(route.toString()).isNotNull();
    return backend;
  }
}
