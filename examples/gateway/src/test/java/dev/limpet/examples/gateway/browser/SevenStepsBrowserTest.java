package dev.limpet.examples.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The seven steps of the product: list, group or listener, edit, switch, type, duration, OK. Each
 * is made by mouse, and by keyboard alone.
 */
@InBrowser
class SevenStepsBrowserTest {
  private static final String ENHANCED = Consoles.http("enhanced", "", "");
  private static final String CLASSIC = Consoles.http("classic", "", "");

  @TempDir
  private Path folder;

  @ParameterizedTest
  @EnumSource(Hand.class)
  void aGroupOfHttp_isMadeStickyByLbCookie(Hand hand) throws Exception {
    try (Consoles consoles = Consoles.of(folder, ENHANCED)) {
      StickinessDialog dialog = StickinessDialog.ofGroup(consoles.open(), hand, "web")
          .switchOn()
          .type(StickinessDialog.LB_COOKIE)
          .minutes("30");
      consoles.browser().screenshot("enhanced-" + hand);
      dialog.okAndClose();

      JsonObject web = consoles.curl().owner("web");
      assertSticks(web, "lb-cookie", "30m");
      assertThat(web.getString("effective")).isEqualTo("sticky by LB cookie, 30 min sliding");
      consoles.page().awaitText("sticky by LB cookie, 30 min sliding");
      assertThat(consoles.browser().complaints()).isEmpty();
      assertSticky(consoles);
    }
  }

  @ParameterizedTest
  @EnumSource(Hand.class)
  void aGroupOfTcp_isMadeStickyBySourceIp(Hand hand) throws Exception {
    try (Consoles consoles = Consoles.of(folder, Consoles.tcp("enhanced", ""))) {
      StickinessDialog.ofGroup(consoles.open(), hand, "db")
          .switchOn()
          .type(StickinessDialog.SOURCE_IP)
          .minutes("60")
          .okAndClose();

      assertSticks(consoles.curl().owner("db"), "source-ip", "1h");
      assertThat(shownAgain(consoles, hand)).isEqualTo("60");
      assertThat(consoles.browser().complaints()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Hand.class)
  void aListenerOfClassic_isMadeStickyByLbCookie(Hand hand) throws Exception {
    try (Consoles consoles = Consoles.of(folder, CLASSIC)) {
      StickinessDialog dialog = StickinessDialog.ofListener(consoles.open(), hand, "web")
          .switchOn()
          .type(StickinessDialog.LB_COOKIE)
          .minutes("1440");
      consoles.browser().screenshot("classic-" + hand);
      dialog.okAndClose();

      JsonObject web = consoles.curl().owner("web");
      assertThat(web.getString("kind")).isEqualTo("listener");
      assertSticks(web, "lb-cookie", "1d");
      assertThat(consoles.browser().complaints()).isEmpty();
      assertSticky(consoles);
    }
  }

  @ParameterizedTest
  @EnumSource(Hand.class)
  void stickiness_isSwitchedOff(Hand hand) throws Exception {
    String sticky = Consoles.http("enhanced", "", "stickySession: {type: lb-cookie}");
    try (Consoles consoles = Consoles.of(folder, sticky)) {
      StickinessDialog.ofGroup(consoles.open(), hand, "web").switchOff().okAndClose();

      assertThat(consoles.curl().owner("web").getJsonObject("stickySession")).isNull();
      consoles.page().awaitText("not sticky");
      assertThat(consoles.browser().complaints()).isEmpty();
    }
  }

  /** Opens the dialog again, and returns the duration that it shows. */
  private static String shownAgain(Consoles consoles, Hand hand) throws Exception {
    return StickinessDialog.ofGroup(consoles.page(), hand, "db").value(StickinessDialog.DURATION);
  }

  private static void assertSticks(JsonObject owner, String type, String duration) {
    assertThat(owner.getJsonObject("stickySession").getString("type")).isEqualTo(type);
    assertThat(owner.getJsonObject("stickySession").getString("duration")).isEqualTo(duration);
  }

  private static void assertSticky(Consoles consoles) {
    String backend = consoles.browser().visit(consoles.address("web"));
    for (int i = 0; i < 4; i++) {
      assertThat(consoles.browser().visit(consoles.address("web"))).isEqualTo(backend);
    }
  }
}
