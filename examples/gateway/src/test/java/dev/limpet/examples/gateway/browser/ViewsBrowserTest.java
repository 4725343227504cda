package dev.limpet.examples.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every view of the console: for all users, in any size, and from this machine alone. */
@InBrowser
class ViewsBrowserTest {
  private static final List<String> VIEWS =
      List.of("Overview", "Backend server groups", "Tracer", "Advisor", "Audit");
  private static final String YAML =
      Consoles.http("enhanced", "", "stickySession: {type: lb-cookie}");

  @TempDir
  private Path folder;

  @ParameterizedTest
  @CsvSource({"1280, light", "1280, dark", "360, light", "360, dark"})
  void everyView_isAccessible_andAsWideAsTheScreen(int width, String colors) throws Exception {
    try (Consoles consoles = Consoles.of(folder, YAML)) {
      Browser browser = consoles.browser();
      browser.shows(width, colors);
      ConsolePage page = consoles.open();
      for (int i = 1; i <= 6; i++) {
        Visitor.of(consoles.port("web"), i).visit();
      }
      for (String view : VIEWS) {
        Hand.MOUSE.press(page, Role.LINK, view);
        Eventually.holds("the view " + view, () -> page.heading().equals(view));
        assertSound(browser, view, width, colors);
      }
      Hand.MOUSE.press(page, Role.LINK, "Backend server groups");
      Hand.MOUSE.press(page, Role.LINK, "web");
      page.await(Role.BUTTON, "Drain web1");
      assertSound(browser, "group", width, colors);
      StickinessDialog.ofGroup(page, Hand.MOUSE, "web").switchOn();
      assertSound(browser, "dialog", width, colors);
      assertThat(browser.complaints()).isEmpty();
      assertThat(browser.requests())
          .isNotEmpty()
          .allMatch(address -> address.startsWith(page.address()));
    }
  }

  private static void assertSound(Browser browser, String view, int width, String colors)
      throws Exception {
    String name = view.toLowerCase(Locale.ROOT).replace(' ', '-');
    browser.screenshot(name + '-' + width + '-' + colors);
    assertThat(browser.accessibilityFaults()).as(view).isEmpty();
    assertThat(((Number) browser.run("return document.documentElement.scrollWidth")).intValue())
        .as(view)
        .isLessThanOrEqualTo(width);
  }
}
