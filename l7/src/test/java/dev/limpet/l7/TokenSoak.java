package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Outcome;
import dev.limpet.core.Route;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Millions of tokens that somebody has changed, among genuine ones. */
class TokenSoak {
  private static final int SESSIONS = 1_000;
  private static final int CHANGES = 5_000;

  private final LbFixture web = new LbFixture();
  private final TokenChanger changer = new TokenChanger(new SplittableRandom(1));

  @Test
  void changedTokens_areNeverGenuine() {
    for (int session = 0; session < SESSIONS; session++) {
      Browser browser = new Browser();
      String home = Browser.id(browser.visit(web.router));
      String token = browser.cookie(LbFixture.COOKIE);
      for (int change = 0; change < CHANGES; change++) {
        Route route = web.router.route(Request.of("limpet-web=" + changer.changed(token)));
        assertThat(route.outcome()).isEqualTo(Outcome.NEW);
      }
      Route kept = web.router.route(browser.request());
      assertThat(kept).hasToString("KEPT " + home);
    }

    long requests = SESSIONS * (CHANGES + 2L);
    assertThat(web.router.stats().requests()).isEqualTo(requests);
    assertThat(web.router.stats().count(Outcome.KEPT)).isEqualTo(SESSIONS);
  }
}
