package dev.limpet.examples.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A console that needs a token. */
@InBrowser
class TokenBrowserTest {
  private static final String TOKEN = "T0ken-of-the-operator";
  private static final int MOST_WRONG = 10;
  private static final String WEB = """
      listeners: [{name: web, protocol: http, port: 0, pool: web}]
      pools: [{name: web, backends: [{id: web1, address: "127.0.0.1:9"}]}]
      """;

  @TempDir
  private Path folder;

  @Test
  void token_isAskedFor_andKeptOutOfThePage() throws Exception {
    String yaml = "admin: {port: 0, token: " + TOKEN + "}\n" + WEB;
    try (GatewayProcess gateway = GatewayProcess.of(folder, yaml);
        Browser browser = Browser.start()) {
      ConsolePage page = new ConsolePage(browser, gateway.console());
      browser.driver().get(gateway.console());
      enter(page, "wrong-token-0123456");
      page.awaitText("This token was rejected.");
      assertThat(browser.accessibilityFaults()).isEmpty();
      enter(page, TOKEN);
      page.await(Role.LINK, "Backend server groups");

      browser.screenshot("token");
      assertThat(browser.driver().getCurrentUrl()).doesNotContain(TOKEN);
      assertThat(browser.driver().getPageSource()).doesNotContain(TOKEN);
      assertThat(browser.driver().manage().getCookies()).isEmpty();
      assertThat(gateway.lines()).noneMatch(line -> line.contains(TOKEN));
      assertThat(browser.complaints()).isEmpty();
    }
  }

  @Test
  void wrongTokensOfManyRequests_areAnsweredWithTheTimeToWait() throws Exception {
    String yaml = "admin: {port: 0, token: " + TOKEN + "}\n" + WEB;
    try (GatewayProcess gateway = GatewayProcess.of(folder, yaml);
        Browser browser = Browser.start()) {
      for (int i = 0; i < MOST_WRONG; i++) {
        assertThat(new Curl(gateway.console(), "wrong-token-0123456").state().getInteger("status"))
            .isEqualTo(401);
      }
      ConsolePage page = new ConsolePage(browser, gateway.console()).open();

      page.awaitText("Too many wrong tokens came from this address. Wait ");
      assertThat(page.heading()).isEqualTo("Access refused");
      assertThat(page.has(Role.BUTTON, "Try again")).isTrue();
      assertThat(browser.accessibilityFaults()).isEmpty();
      browser.screenshot("too-many-wrong-tokens");
    }
  }

  @Test
  void withoutAToken_aNameOfAStrangerShowsNothing() throws Exception {
    try (GatewayProcess gateway = GatewayProcess.of(folder, "admin: {port: 0}\n" + WEB);
        Browser browser = Browser.start()) {
      String address = gateway.console().replace("127.0.0.1", Browser.REBOUND);

      assertThat(browser.visit(address)).isEqualTo("Forbidden");
      assertThat(browser.visit(address + "api/state")).contains("403").doesNotContain("web1");
      assertThat(browser.visit(gateway.console() + "api/state")).contains("web1");
    }
  }

  private static void enter(ConsolePage page, String token) throws Exception {
    Hand.KEYBOARD.type(page, "Token", token);
    Hand.KEYBOARD.press(page, Role.BUTTON, "Sign in");
  }
}
