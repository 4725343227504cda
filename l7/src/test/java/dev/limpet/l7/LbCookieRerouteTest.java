package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Failover;
import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import org.junit.jupiter.api.Test;

class LbCookieRerouteTest {
  private final LbFixture web = new LbFixture();
  private final Browser alice = new Browser();

  @Test
  void connectError_bindsANewSessionToTheBackendThatAnswered() {
    Route route = alice.visitRerouted(web.router);
    assertThat(route.outcome()).isEqualTo(Outcome.NEW);

    Route next = alice.visit(web.router);

    assertThat(next.outcome()).isEqualTo(Outcome.KEPT);
    assertThat(next.backend()).isEqualTo(route.backend());
  }

  @Test
  void connectError_movesABoundSessionToTheBackendThatAnswered() {
    Backend first = served(alice.visit(web.router));
    LbToken before = LbFixture.token(alice);

    Route moved = alice.visitRerouted(web.router);

    assertThat(moved.outcome()).isEqualTo(Outcome.MOVED);
    assertThat(moved.reason()).isEqualTo(Reason.CONNECT_FAILED);
    assertThat(moved.backend()).isNotEqualTo(first);
    assertThat(LbFixture.token(alice).session()).isEqualTo(before.session());
    assertThat(alice.visit(web.router).backend()).isEqualTo(moved.backend());
  }

  @Test
  void connectError_lendsABoundSession() {
    LbFixture lending = new LbFixture(Failover.LEND);
    Backend own = served(alice.visit(lending.router));

    assertThat(alice.visitRerouted(lending.router).outcome()).isEqualTo(Outcome.LENT);
    assertThat(alice.setCookies()).isEmpty();

    assertThat(alice.visit(lending.router).backend()).isEqualTo(own);
  }

  @Test
  void connectErrorsEverywhere_leaveTheCookieAsItIs() {
    Backend own = served(alice.visit(web.router));
    Request request = alice.request();
    Route route = web.router.route(request);
    while (Browser.isServed(route)) {
      route = web.router.reroute(request, route);
    }
    Response unavailable = Response.of(503);
    alice.receive(web.router, request, route, unavailable);

    assertThat(unavailable.changes()).isZero();
    assertThat(alice.visit(web.router).backend()).isEqualTo(own);
  }

  private static Backend served(Route route) {
    Backend backend = route.backend();
    assertThat(backend).as(route.toString()).isNotNull();
    return backend;
  }
}
