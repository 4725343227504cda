package dev.limpet.examples.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Changes that must not be made, and how the page says so. */
@InBrowser
class EditFaultsBrowserTest {
  private static final String OF_60 = "(expected: 1m..60m at layer 4";

  @TempDir
  private Path folder;

  @ParameterizedTest
  @EnumSource(Hand.class)
  void sixtyOneMinutesAtLayer4_areRefusedAtTheField(Hand hand) throws Exception {
    try (Consoles consoles = Consoles.of(folder, Consoles.tcp("enhanced", ""))) {
      String before = consoles.curl().version();
      StickinessDialog dialog = StickinessDialog.ofGroup(consoles.open(), hand, "db")
          .switchOn()
          .type(StickinessDialog.SOURCE_IP)
          .minutes("61");
      dialog.ok();
      Eventually.holds(
          "the fault at the field",
          () -> dialog.description(StickinessDialog.DURATION).contains("61m " + OF_60));

      assertThat(dialog.isInvalid(StickinessDialog.DURATION)).isTrue();
      assertThat(dialog.isOpen()).isTrue();
      assertNothingSent(consoles, before);
      consoles.browser().screenshot("fault-at-the-field-" + hand);
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "1.5", "''", "-5", "20x"})
  void durationThatIsNoNumberOfMinutes_isRefusedAtTheField(String minutes) throws Exception {
    try (Consoles consoles = Consoles.of(folder, Consoles.tcp("enhanced", ""))) {
      String before = consoles.curl().version();
      StickinessDialog dialog = StickinessDialog.ofGroup(consoles.open(), Hand.MOUSE, "db")
          .switchOn()
          .type(StickinessDialog.SOURCE_IP)
          .minutes(minutes);
      dialog.ok();
      Eventually.holds("a fault", () -> dialog.isInvalid(StickinessDialog.DURATION));

      assertThat(dialog.description(StickinessDialog.DURATION)).contains("expected");
      assertNothingSent(consoles, before);
    }
  }

  @Test
  void theFaultAtTheField_isWhatTheApiAnswers() throws Exception {
    try (Consoles consoles = Consoles.of(folder, Consoles.tcp("enhanced", ""))) {
      StickinessDialog dialog = StickinessDialog.ofGroup(consoles.open(), Hand.MOUSE, "db")
          .switchOn()
          .type(StickinessDialog.SOURCE_IP)
          .minutes("61");
      dialog.ok();
      Eventually.holds("a fault", () -> dialog.isInvalid(StickinessDialog.DURATION));
      JsonObject answer = consoles
          .curl()
          .change(
              "PUT",
              "/api/pools/db/stickySession",
              "{\"type\":\"source-ip\",\"duration\":\"61m\"}");

      assertThat(dialog.description(StickinessDialog.DURATION))
          .contains(answer.getJsonArray("faults").getJsonObject(0).getString("message"));
    }
  }

  @Test
  void appCookie_isShownWithAReasonAndNotOfferedInClassic() throws Exception {
    try (Consoles consoles = Consoles.of(folder, Consoles.http("classic", "", ""))) {
      StickinessDialog dialog =
          StickinessDialog.ofListener(consoles.open(), Hand.MOUSE, "web").switchOn();
      JsonArray types = consoles.curl().owner("web").getJsonObject("choices").getJsonArray("types");
      String reason = Curl.named(types, "type", "app-cookie").getString("refusal");
      consoles.browser().screenshot("app-cookie-in-classic");

      assertThat(dialog.isOffered(StickinessDialog.LB_COOKIE)).isTrue();
      assertThat(dialog.isOffered(StickinessDialog.APP_COOKIE)).isFalse();
      assertThat(reason).isNotBlank();
      assertThat(dialog.reason(StickinessDialog.APP_COOKIE)).contains(reason);
    }
  }

  @Test
  void cookies_areShownWithAReasonAndNotOfferedForTcp() throws Exception {
    try (Consoles consoles = Consoles.of(folder, Consoles.tcp("enhanced", ""))) {
      StickinessDialog dialog =
          StickinessDialog.ofGroup(consoles.open(), Hand.MOUSE, "db").switchOn();

      assertThat(dialog.isOffered(StickinessDialog.SOURCE_IP)).isTrue();
      assertThat(dialog.isOffered(StickinessDialog.LB_COOKIE)).isFalse();
      assertThat(dialog.reason(StickinessDialog.LB_COOKIE)).contains("TCP");
      assertThat(dialog.isOffered(StickinessDialog.APP_COOKIE)).isFalse();
    }
  }

  @Test
  void staleEdit_isRefusedWithTheDifference_andCanBeMadeAgain() throws Exception {
    try (Consoles consoles = Consoles.of(folder, Consoles.http("enhanced", "", ""))) {
      ConsolePage page = consoles.open();
      StickinessDialog dialog = StickinessDialog.ofGroup(page, Hand.MOUSE, "web")
          .switchOn()
          .type(StickinessDialog.LB_COOKIE)
          .minutes("30");
      consoles.curl().change("PATCH", "/api/pools/web/backends/web1", "{\"weight\":3}");
      dialog.ok();

      page.awaitText("pools.web.backends.web1.weight: 1 -> 3");
      assertThat(dialog.isOpen()).isTrue();
      assertThat(consoles.curl().owner("web").getJsonObject("stickySession")).isNull();
      assertThat(consoles.curl().backend("web", "web1").getInteger("weight")).isEqualTo(3);
      consoles.browser().screenshot("stale-edit");
      assertThat(consoles.browser().accessibilityFaults()).isEmpty();
      Hand.MOUSE.press(page, Role.BUTTON, "Apply my change");
      Eventually.holds("the dialog closes", () -> !dialog.isOpen());
      assertThat(consoles.curl().owner("web").getJsonObject("stickySession")).isNotNull();
      assertThat(consoles.curl().backend("web", "web1").getInteger("weight")).isEqualTo(3);
    }
  }

  /** Asks the gateway, and looks for the request that would make the change. */
  private static void assertNothingSent(Consoles consoles, String version) throws Exception {
    assertThat(consoles.curl().version()).isEqualTo(version);
    assertThat(consoles.browser().requests())
        .noneMatch(address -> address.endsWith("/stickySession"));
  }
}
