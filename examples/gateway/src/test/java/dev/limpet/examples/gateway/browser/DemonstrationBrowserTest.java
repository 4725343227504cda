package dev.limpet.examples.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a newcomer sees who runs the command of the README. */
@InBrowser
class DemonstrationBrowserTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Pattern ADDRESS = Pattern.compile("console: http://127\\.0\\.0\\.1:\\d+/");

  @Test
  void theStory_isSeen_andPlayedAgainFromThePage() throws Exception {
    try (GatewayProcess gateway = GatewayProcess.demonstration();
        Browser browser = Browser.start()) {
      Eventually.holds(
          "the address of the console is printed",
          LIMIT,
          () -> gateway.lines().stream().anyMatch(line -> ADDRESS.matcher(line).find()));
      assertThat(gateway.lines())
          .filteredOn(line -> ADDRESS.matcher(line).find())
          .singleElement()
          .asString()
          .endsWith(gateway.console());
      Curl curl = new Curl(gateway.console());
      ConsolePage page = new ConsolePage(browser, gateway.console()).open();
      long first = curl.requests("web", "KEPT");
      assertThat(first).isPositive();

      Hand.KEYBOARD.press(page, Role.LINK, "Story");
      Hand.KEYBOARD.press(page, Role.BUTTON, "Play the story");
      Eventually.holds("the story is played", LIMIT, () -> curl.requests("web", "KEPT") > first);
      browser.screenshot("demonstration");
      Eventually.holds(
          "the story has ended",
          LIMIT,
          () -> !curl.state().getJsonObject("story").getBoolean("playing"));

      assertThat(curl.state().getJsonObject("story").getString("output")).isNotBlank();
      assertThat(browser.accessibilityFaults()).isEmpty();
      assertThat(browser.complaints()).isEmpty();
    }
  }
}
