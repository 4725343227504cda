package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AppCookieRoutingTest {
  private final AppFixture app = new AppFixture();
  private final Browser alice = new Browser();

  @ParameterizedTest
  @ValueSource(strings = {"", "a=1", "SID", "SID=", "SID=; a=1", "sid=x", "=SID=x"})
  void withoutTheCookie_requestsTakeTurns(String field) {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      Route route = app.router.route(Request.of(field));
      assertThat(route.outcome()).isEqualTo(Outcome.UNBOUND);
      assertThat(route.reason()).isEqualTo(Reason.NO_KEY);
      ids.add(Browser.id(route));
    }

    assertThat(ids).hasSize(3);
    assertThat(app.table.size()).isZero();
  }

  @Test
  void aValueThatABackendSets_isBoundToIt() {
    Response login = AppFixture.sets("a=1", "SID=x; Path=/; HttpOnly");
    Route first = alice.visit(app.router, login);

    for (int i = 0; i < 10; i++) {
      Route next = alice.visit(app.router);
      assertThat(next.outcome()).isEqualTo(Outcome.KEPT);
      assertThat(next.backend()).isEqualTo(first.backend());
    }
    assertThat(login.changes()).isZero();
    assertThat(app.router.responseStats().learned()).isEqualTo(1);
  }

  @Test
  void aValueThatNoBackendSet_goesByItsHashAndIsNotStored() {
    for (int i = 0; i < 20; i++) {
      Request request = Request.of("SID=invented" + i);
      Route route = app.router.route(request);
      app.router.onResponse(request, route, Response.ok());

      assertThat(route.outcome()).isEqualTo(Outcome.HASHED);
      assertThat(route.reason()).isEqualTo(Reason.UNKNOWN);
      assertThat(app.router.route(request).backend()).isEqualTo(route.backend());
    }
    assertThat(app.table.size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 6})
  void logIns_thatFollowSoManyRequestsWithoutACookie_areSpreadOverAllBackends(int period) {
    Map<String, Integer> sessions = new HashMap<>();
    for (int i = 0; i < 1_200; i++) {
      for (int before = 1; before < period; before++) {
        new Browser().visit(app.router);
      }
      Route login = new Browser().visit(app.router, AppFixture.sets("SID=s" + i));
      sessions.merge(Browser.id(login), 1, Integer::sum);
    }
    assertThat(sessions).hasSize(3);
    assertThat(sessions.values())
        .allSatisfy(begun -> assertThat(begun).isCloseTo(400, within(160)));
  }

  @Test
  void proxiesOfOneSecret_agreeOnUnknownValues() {
    byte[] secret = LbFixture.secret(1);
    AppFixture one = new AppFixture(Failover.MOVE, 100, Environment.of(secret));
    AppFixture two = new AppFixture(Failover.MOVE, 100, Environment.of(secret));
    Set<String> ids = new HashSet<>();

    for (int i = 0; i < 50; i++) {
      Request request = Request.of("SID=v" + i);
      Route route = one.router.route(request);
      assertThat(two.router.route(request).backend()).isEqualTo(route.backend());
      ids.add(Browser.id(route));
    }
    assertThat(ids).hasSize(3);
  }

  @Test
  void theFirstValueThatTheTableKnowsCounts() {
    Route first = alice.visit(app.router, AppFixture.sets("SID=x"));
    Browser bob = new Browser();
    Route second = bob.visit(app.router, AppFixture.sets("SID=y"));
    assertThat(second.backend()).isNotEqualTo(first.backend());

    assertKeptBy(first, "SID=x; SID=y");
    assertKeptBy(second, "SID=y; SID=x");
    assertKeptBy(first, "SID=unknown; SID=; SID=x; SID=y");
    assertKeptBy(second, "SID=z", "a=1; SID=y");
    assertKeptBy(first, "SID=z; ".repeat(7) + "SID=x");
    assertThat(app.router.route(Request.of("SID=z; ".repeat(8) + "SID=x")).outcome())
        .isEqualTo(Outcome.HASHED);
  }

  @Test
  void theFirstValueThatTheTableKnows_isTheOneThatIsLookedAtOrForgotten() {
    Browser browser = new Browser();
    Route home = browser.visit(app.router, AppFixture.sets("SID=known"));
    Request request = Request.of("SID=x; SID=known");

    assertThat(app.router.peek(request).name()).isEqualTo(Browser.id(home));
    assertThat(app.router.unbind(request)).isTrue();
    assertThat(app.router.unbind(request)).isFalse();
  }

  @Test
  void ofSeveralUnknownValues_theFirstIsHashed() {
    for (int i = 0; i < 20; i++) {
      Route alone = app.router.route(Request.of("SID=v" + i));

      assertThat(app.router.route(Request.of("SID=; SID=v" + i + "; SID=w")).backend())
          .isEqualTo(alone.backend());
    }
  }

  @Test
  void quotesAreOctetsOfTheValue() {
    alice.visit(app.router, AppFixture.sets("SID=\"x\""));

    assertThat(app.router.route(Request.of("SID=\"x\"")).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(app.router.route(Request.of("SID=x")).outcome()).isEqualTo(Outcome.HASHED);
  }

  @Test
  void longValuesAreHashedWholly() {
    for (int length : new int[] {255, 256, 257, 1000, 60_000}) {
      String head = "v".repeat(length - 1);

      assertThat(app.affinity.key(Request.of("SID=" + head + "a")))
          .isNotEqualTo(app.affinity.key(Request.of("SID=" + head + "b")))
          .isEqualTo(app.hasher.string(head + "a"));
    }
  }

  @Test
  void use_renewsASession() {
    alice.visit(app.router, AppFixture.sets("SID=x"));

    for (int i = 0; i < 5; i++) {
      app.advance(AppFixture.DURATION.minusSeconds(1));
      assertThat(alice.visit(app.router).outcome()).isEqualTo(Outcome.KEPT);
    }
    app.advance(AppFixture.DURATION.plusMinutes(1));
    assertThat(alice.visit(app.router).outcome()).isEqualTo(Outcome.HASHED);
  }

  @Test
  void peek_doesNotRenewASession() {
    alice.visit(app.router, AppFixture.sets("SID=x"));
    app.advance(Duration.ofMinutes(15));

    assertThat(app.router.peek(alice.request()).member()).isNotNull();
    assertThat(app.router.peek(Request.of("SID=y")).byHash()).isTrue();
    assertThat(app.router.peek(Request.of()).reason()).isEqualTo(Reason.NO_KEY);

    app.advance(Duration.ofMinutes(15));
    assertThat(app.router.peek(alice.request()).member()).isNull();
  }

  @Test
  void unbind_forgetsTheSession() {
    alice.visit(app.router, AppFixture.sets("SID=x"));

    assertThat(app.router.unbind(alice.request())).isTrue();
    assertThat(app.router.unbind(alice.request())).isFalse();
    assertThat(alice.visit(app.router).outcome()).isEqualTo(Outcome.HASHED);
  }

  @Test
  void drain_keepsBoundSessions() {
    Route first = alice.visit(app.router, AppFixture.sets("SID=x"));
    app.pool.change(edit -> edit.drain(Browser.id(first)));

    assertThat(alice.visit(app.router).outcome()).isEqualTo(Outcome.KEPT);
    for (int i = 0; i < 10; i++) {
      assertThat(app.router.route(Request.of()).backend()).isNotEqualTo(first.backend());
      assertThat(app.router.route(Request.of("SID=v" + i)).backend()).isNotEqualTo(first.backend());
    }
  }

  @Test
  void down_movesTheSessionOnceAndForGood() {
    Route first = alice.visit(app.router, AppFixture.sets("SID=x"));
    app.pool.change(edit -> edit.down(Browser.id(first)));

    Route moved = alice.visit(app.router);
    assertThat(moved.outcome()).isEqualTo(Outcome.MOVED);
    assertThat(moved.backend()).isNotEqualTo(first.backend());

    app.pool.change(edit -> edit.up(Browser.id(first)));
    Route kept = alice.visit(app.router);
    assertThat(kept.outcome()).isEqualTo(Outcome.KEPT);
    assertThat(kept.backend()).isEqualTo(moved.backend());
  }

  @Test
  void down_lendsTheSessionUntilItsBackendIsBack() {
    AppFixture lending = new AppFixture(Failover.LEND);
    Route own = alice.visit(lending.router, AppFixture.sets("SID=x"));
    lending.pool.change(edit -> edit.down(Browser.id(own)));

    assertThat(alice.visit(lending.router).outcome()).isEqualTo(Outcome.LENT);

    lending.pool.change(edit -> edit.up(Browser.id(own)));
    assertThat(alice.visit(lending.router).backend()).isEqualTo(own.backend());
  }

  @Test
  void strict_refusesUntilTheBackendIsBack() {
    AppFixture strict = new AppFixture(Failover.STRICT);
    Route own = alice.visit(strict.router, AppFixture.sets("SID=x"));
    strict.pool.change(edit -> edit.down(Browser.id(own)));

    assertThat(alice.visit(strict.router).outcome()).isEqualTo(Outcome.REFUSED);

    strict.pool.change(edit -> edit.up(Browser.id(own)));
    assertThat(alice.visit(strict.router).backend()).isEqualTo(own.backend());
  }

  @ParameterizedTest
  @EnumSource(Failover.class)
  void removed_movesTheSessionWhateverTheFailover(Failover failover) {
    AppFixture other = new AppFixture(failover);
    Route own = alice.visit(other.router, AppFixture.sets("SID=x"));
    other.pool.change(edit -> edit.remove(Browser.id(own)));

    assertThat(alice.visit(other.router).reason()).isEqualTo(Reason.BACKEND_GONE);
    assertThat(alice.visit(other.router).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void connectError_movesABoundSessionToTheBackendThatAnswered() {
    Route own = alice.visit(app.router, AppFixture.sets("SID=x"));

    Route moved = alice.visitRerouted(app.router);

    assertThat(moved.outcome()).isEqualTo(Outcome.MOVED);
    assertThat(moved.backend()).isNotEqualTo(own.backend());
    assertThat(alice.visit(app.router).backend()).isEqualTo(moved.backend());
  }

  @Test
  void connectErrorsEverywhere_restoreTheBinding() {
    Route own = alice.visit(app.router, AppFixture.sets("SID=x"));
    Route route = app.router.route(alice.request());
    while (Browser.isServed(route)) {
      route = app.router.reroute(alice.request(), route);
    }

    assertThat(alice.visit(app.router).backend()).isEqualTo(own.backend());
  }

  @Test
  void connectErrorOfAnUnboundRequest_bindsTheValueToTheBackendThatSetIt() {
    Request request = Request.of();
    Route route = app.router.reroute(request, app.router.route(request));
    alice.receive(app.router, request, route, AppFixture.sets("SID=x"));

    assertThat(alice.visit(app.router).backend()).isEqualTo(route.backend());
  }

  private void assertKeptBy(Route expected, String... fields) {
    Route route = app.router.route(Request.of(fields));
    assertThat(route.outcome()).isEqualTo(Outcome.KEPT);
    assertThat(route.backend()).isEqualTo(expected.backend());
  }
}
