package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cookies of our name that are not ours are counted, as nobody is sticky by them. */
class LbCookieCollisionTest {
  private final LbFixture web = new LbFixture();

  @Test
  void tokenOfAnotherPoolUnderOurName_isCountedForEachRequest() {
    Pool other = Pool.of("other", LbFixture.backend("a"));
    Browser alice = new Browser();
    alice.visit(HttpRouter.of(
        other,
        LbCookieAffinity.builder(other, Response.ACCESS)
            .session(LbFixture.sessions().withCookieName(LbFixture.COOKIE))
            .keys(web.keys)
            .environment(web.environment)
            .build()));
    List<String> theirs = List.of(LbFixture.COOKIE + '=' + alice.cookie(LbFixture.COOKIE));

    for (int i = 1; i <= 3; i++) {
      Route route = web.router.route(new Request(theirs));
      assertThat(route.outcome()).isEqualTo(Outcome.NEW);
      assertThat(route.reason()).isEqualTo(Reason.FORGED);
      assertThat(foreignCookies()).isEqualTo(i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "web1", "IAAA", "////////////////////////////////////////////"})
  void whatIsNoTokenUnderOurName_isCounted(String value) {
    web.router.route(new Request(List.of(LbFixture.COOKIE + '=' + value)));

    assertThat(foreignCookies()).isEqualTo(1);
  }

  @Test
  void ownTokens_deadOrAlive_areNotCounted() {
    Browser alice = new Browser();
    alice.visit(web.router);
    alice.visit(web.router);
    web.clock.advance(Duration.ofHours(1));
    alice.visit(web.router);
    web.router.route(new Request(List.of()));
    web.router.route(new Request(List.of("theirs=x; limpet-web2=y")));

    assertThat(foreignCookies()).isZero();
  }

  @Test
  void lookingAtASession_countsNothing() {
    web.router.peek(new Request(List.of(LbFixture.COOKIE + "=x")));

    assertThat(foreignCookies()).isZero();
  }

  private long foreignCookies() {
    return web.router.responseStats().foreignCookies();
  }
}
