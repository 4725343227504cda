package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Outcome;
import dev.limpet.core.Route;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A client that sends an old cookie before the present one, as browsers do after its path was
 * changed.
 */
class LbCookieSeveralTest {
  private final LbFixture web = new LbFixture();
  private final Browser alice = new Browser();
  private String old = "";

  private Route visit() {
    Request request = Request.of("limpet-web=" + old + "; " + alice.cookies());
    Route route = web.router.route(request);
    alice.receive(web.router, request, route, Response.ok());
    return route;
  }

  @Test
  void oneSessionsCookies_areNotSetAgainAtEveryResponse() {
    String home = Browser.id(alice.visit(web.router));
    old = alice.cookie(LbFixture.COOKIE);
    int set = 0;
    for (int minutes = 1; minutes <= 15; minutes++) {
      web.clock.advance(Duration.ofMinutes(1));
      for (int requests = 0; requests < 10; requests++) {
        assertThat(visit()).hasToString("KEPT " + home);
        set += alice.setCookies().size();
      }
    }

    assertThat(set).isEqualTo(15);
  }

  @Test
  void whenTheOldCookieEnds_theSessionGoesOnByThePresentOne() {
    String home = Browser.id(alice.visit(web.router));
    old = alice.cookie(LbFixture.COOKIE);
    for (int minutes = 1; minutes <= 60; minutes++) {
      web.clock.advance(Duration.ofMinutes(1));
      assertThat(visit()).hasToString("KEPT " + home);
    }
  }

  @Test
  void cookiesOfTwoSessions_areThoseOfTheFirst() {
    Browser bob = new Browser();
    bob.visit(web.router);
    Route own = alice.visit(web.router);
    old = bob.cookie(LbFixture.COOKIE);
    web.clock.advance(Duration.ofMinutes(1));

    Route route = visit();

    assertThat(route.outcome()).isEqualTo(Outcome.KEPT);
    assertThat(route.backend()).isNotEqualTo(own.backend());
    assertThat(alice.setCookies()).hasSize(1);
  }
}
