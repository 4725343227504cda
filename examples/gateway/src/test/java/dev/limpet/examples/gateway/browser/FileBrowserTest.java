package dev.limpet.examples.gateway.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the configuration file when an operator changes the gateway. */
@InBrowser
class FileBrowserTest {
  private static final String YAML = "# The shop.\n"
      + Consoles.http("enhanced", "", "stickySession: {type: lb-cookie, duration: 20m}");

  @TempDir
  private Path folder;

  @Test
  void writableFile_hasTheChange_andAllItsOtherBytes() throws Exception {
    try (Consoles consoles = Consoles.of(folder, YAML, "--writable")) {
      Path file = folder.resolve("config.yaml");
      String before = Files.readString(file);
      ConsolePage page = consoles.open();
      StickinessDialog.ofGroup(page, Hand.KEYBOARD, "web").minutes("45").okAndClose();
      page.awaitText("The change is in effect.");

      consoles.browser().screenshot("written");
      assertThat(page.text()).contains(file.toString());
      assertThat(page.has(Role.DISCLOSURE, "Show YAML to paste into " + file)).isFalse();
      assertThat(Files.readString(file))
          .isEqualTo(before.replace("duration: 20m", "duration: 45m"));
      assertThat(consoles.curl().state().getJsonArray("differences")).isEmpty();
      assertThat(consoles.browser().complaints()).isEmpty();
    }
  }

  @Test
  void fileThatIsNotWritten_isComparedWithWhatRuns() throws Exception {
    try (Consoles consoles = Consoles.of(folder, YAML)) {
      Path file = folder.resolve("config.yaml");
      String before = Files.readString(file);
      ConsolePage page = consoles.open();
      StickinessDialog.ofGroup(page, Hand.KEYBOARD, "web").minutes("45").okAndClose();
      Hand.KEYBOARD.press(page, Role.DISCLOSURE, "Show YAML to paste into " + file);

      assertThat(page.await(Role.REGION, "YAML to paste").getText()).contains("duration: 45m");
      consoles.browser().screenshot("to-paste");
      Hand.MOUSE.press(page, Role.LINK, "Overview");
      page.awaitText("pools.web.stickySession.duration: file 20m, in effect 45m");
      consoles.browser().screenshot("differs");
      assertThat(Files.readString(file)).isEqualTo(before);
    }
  }
}
