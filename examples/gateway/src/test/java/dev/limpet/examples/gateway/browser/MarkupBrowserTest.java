package dev.limpet.examples.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/** Markup in a text is shown as a text. */
@InBrowser
class MarkupBrowserTest {
  private static final String MARKUP = "<img src=x onerror=\"window.hacked=1\">";

  @TempDir
  private Path folder;

  @Test
  void backendIdWithMarkup_isRefusedByTheApi() throws Exception {
    try (Consoles consoles = Consoles.of(folder, Consoles.http("enhanced", "", ""))) {
      JsonObject backend = new JsonObject().put("id", MARKUP).put("address", "127.0.0.1:9");
      JsonObject answer =
          consoles.curl().change("POST", "/api/pools/web/backends", backend.encode());

      assertThat(answer.getInteger("status")).isEqualTo(422);
      assertThat(consoles.curl().state().encode()).doesNotContain("onerror");
    }
  }

  @Test
  void backendIdWithMarkup_isRefusedByThePage_andShownAsText() throws Exception {
    try (Consoles consoles = Consoles.of(folder, Consoles.http("enhanced", "", ""))) {
      ConsolePage page = consoles.open();
      Hand.MOUSE.press(page, Role.LINK, "Backend server groups");
      Hand.MOUSE.press(page, Role.LINK, "web");
      Hand.MOUSE.press(page, Role.BUTTON, "Add backend");
      Hand.MOUSE.type(page, "Id", MARKUP);
      Hand.MOUSE.type(page, "Address", "127.0.0.1:9");
      Hand.MOUSE.press(page, Role.BUTTON, "Add");

      page.awaitText(MARKUP);
      consoles.browser().screenshot("markup");
      assertNothingRan(consoles.browser());
    }
  }

  @Test
  void cookieNameWithMarkup_isShownAsTextInTheFault() throws Exception {
    try (Consoles consoles = Consoles.of(folder, Consoles.http("enhanced", "", ""))) {
      StickinessDialog dialog = StickinessDialog.ofGroup(consoles.open(), Hand.MOUSE, "web")
          .switchOn()
          .type(StickinessDialog.APP_COOKIE)
          .cookieName(MARKUP);
      dialog.ok();
      Eventually.holds("a fault", () -> dialog.isInvalid(StickinessDialog.COOKIE_NAME));

      assertThat(dialog.description(StickinessDialog.COOKIE_NAME)).contains(MARKUP);
      assertNothingRan(consoles.browser());
    }
  }

  @Test
  void tracedMarkup_isRefusedAtItsField_andNotShownAgain() throws Exception {
    try (Consoles consoles = Consoles.of(folder, Consoles.http("enhanced", "", ""))) {
      ConsolePage page = consoles.open();
      Hand.MOUSE.press(page, Role.LINK, "Tracer");
      Hand.MOUSE.type(page, "Client address", MARKUP);
      Hand.MOUSE.press(page, Role.BUTTON, "Trace");

      Eventually.holds(
          "a fault",
          () ->
              "true".equals(page.find(Role.FIELD, "Client address").getAttribute("aria-invalid")));
      assertThat(page.text()).contains("address: ").doesNotContain("onerror");
      assertNothingRan(consoles.browser());
    }
  }

  @Test
  void namesAndReasonsWithMarkup_areShownAsText() throws Exception {
    try (Consoles consoles = Consoles.of(folder, Consoles.http("enhanced", "", ""));
        MarkupGateway marked = MarkupGateway.before(consoles.page().address())) {
      Visitor.of(consoles.port("web"), 1).visit();
      Browser browser = consoles.browser();
      ConsolePage page = new ConsolePage(browser, marked.address()).open();
      page.awaitText(MarkupGateway.MARKUP);
      Hand.MOUSE.press(page, Role.LINK, "Backend server groups");
      Hand.MOUSE.press(page, Role.LINK, MarkupGateway.MARKUP);
      Eventually.holds("the group", () -> page.heading().equals(MarkupGateway.MARKUP));
      page.awaitText("NO_KEY");
      browser.screenshot("markup-everywhere");
      for (String view : List.of("Tracer", "Advisor", "Audit")) {
        Hand.MOUSE.press(page, Role.LINK, view);
        Eventually.holds("the view " + view, () -> page.heading().equals(view));
      }

      assertNothingRan(browser);
    }
  }

  private static void assertNothingRan(Browser browser) {
    assertThat(browser.run("return window.hacked === undefined")).isEqualTo(true);
    assertThat(browser.driver().findElements(By.cssSelector("img[src='x']"))).isEmpty();
    assertThat(browser.complaints()).isEmpty();
  }
}
