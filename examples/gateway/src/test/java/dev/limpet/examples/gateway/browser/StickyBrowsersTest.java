package dev.limpet.examples.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Cookie;

/** Two users with browsers of their own, in front of two backends. */
@InBrowser
class StickyBrowsersTest {
  private static final String COOKIE = "limpet-web";
  private static final int RELOADS = 5;

  @TempDir
  private Path folder;

  @Test
  void twoBrowsers_stickToDifferentBackends_untilTheirSessionsExpire() throws Exception {
    String yaml = Consoles.http("open", "", "stickySession: {type: lb-cookie, duration: 15s}");
    try (Consoles consoles = Consoles.of(folder, yaml);
        Browser other = Browser.start()) {
      String address = consoles.address("web");
      String mine = consoles.browser().visit(address);
      String theirs = other.visit(address);
      assertThat(mine).isNotEqualTo(theirs);
      for (int i = 0; i < RELOADS; i++) {
        assertThat(consoles.browser().visit(address)).isEqualTo(mine);
        assertThat(other.visit(address)).isEqualTo(theirs);
      }
      consoles.browser().screenshot("sticky");
      assertThat(outcome(consoles, other)).isEqualTo("KEPT");
      long before = consoles.curl().requests("web", "NEW");
      assertThat(before).isEqualTo(2);

      Eventually.holds("the session has expired", () -> outcome(consoles, other).equals("NEW"));
      other.visit(address);

      assertThat(consoles.curl().requests("web", "NEW")).isEqualTo(before + 1);
      assertThat(consoles.curl().requests("web", "KEPT")).isEqualTo(2 * RELOADS);
    }
  }

  /** Asks where a browser's session is bound, which renews nothing. */
  private static String outcome(Consoles consoles, Browser browser) throws Exception {
    Cookie cookie = browser.driver().manage().getCookieNamed(COOKIE);
    JsonObject request = new JsonObject()
        .put("listener", "web")
        .put("address", "127.0.0.1")
        .put(
            "headers",
            new JsonObject().put("Cookie", new JsonArray().add(COOKIE + '=' + cookie.getValue())))
        .put("target", "/");
    return consoles.curl().post("/api/trace", request).getString("outcome");
  }
}
