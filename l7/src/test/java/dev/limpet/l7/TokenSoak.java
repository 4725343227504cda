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
  private static final String CHARACTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=% \t\"\u00e4";

  private final LbFixture web = new LbFixture();
  private final SplittableRandom random = new SplittableRandom(1);

  @Test
  void changedTokens_areNeverGenuine() {
    for (int session = 0; session < SESSIONS; session++) {
      Browser browser = new Browser();
      String home = Browser.id(browser.visit(web.router));
      String token = browser.cookie(LbFixture.COOKIE);
      for (int change = 0; change < CHANGES; change++) {
        Route route = web.router.route(Request.of("limpet-web=" + changed(token)));
        assertThat(route.outcome()).isEqualTo(Outcome.NEW);
      }
      Route kept = web.router.route(browser.request());
      assertThat(kept).hasToString("KEPT " + home);
    }

    long requests = SESSIONS * (CHANGES + 2L);
    assertThat(web.router.stats().requests()).isEqualTo(requests);
    assertThat(web.router.stats().count(Outcome.KEPT)).isEqualTo(SESSIONS);
  }

  /** Changes up to four bits or characters, or cuts and joins what it has got so far. */
  private String changed(String token) {
    String changed = token;
    while (changed.equals(token)) {
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        changed = switch (random.nextInt(4)) {
          case 0 -> flipped(token);
          case 1 -> changed + random(changed);
          case 2 -> changed.substring(random.nextInt(1 + changed.length() / 2));
          default -> replaced(changed);
        };
      }
      changed = changed.strip();
    }
    return changed;
  }

  private String flipped(String token) {
    byte[] bytes = LbFixture.bytes(token);
    for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return LbFixture.text(bytes);
  }

  private String replaced(String text) {
    int at = random.nextInt(text.length() + 1);
    return text.substring(0, at)
        + random(CHARACTERS)
        + text.substring(Math.min(at + 1, text.length()));
  }

  private String random(String characters) {
    int at = random.nextInt(Math.max(characters.length(), 1));
    return characters.isEmpty() ? "x" : characters.substring(at, at + 1);
  }
}
