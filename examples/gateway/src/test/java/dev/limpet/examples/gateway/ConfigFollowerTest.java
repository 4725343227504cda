package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.examples.gateway.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigFollowerTest {
  private static final String B1 = "{id: b1, address: \"127.0.0.1:1\"}";
  private static final String B2 = "{id: b2, address: \"127.0.0.1:2\"}";
  private static final String IGNORED = "the file is ignored until its faults are corrected";

  @TempDir
  private Path folder;

  private final TestConsole console = new TestConsole();
  private final FakeEffects effects = new FakeEffects();
  private ConfigFollower follower;

  @BeforeEach
  void start() throws IOException {
    write(B1);
    LiveConfig live = new LiveConfig(
        ConfigReader.source(file()).source(),
        new ConfigFile(file(), false),
        effects,
        console.console(),
        InstantSource.system());
    follower = new ConfigFollower(file(), live, console.console());
  }

  @Test
  void unchangedFile_saysNothing() {
    look(3);
    assertThat(effects.applied()).isEmpty();
    assertThat(console.said()).isEmpty();
    assertThat(console.complaints()).isEmpty();
  }

  @Test
  void change_isAppliedAndSaidOnce() throws Exception {
    write(B1, B2);
    look(3);
    assertThat(effects.applied()).hasSize(1);
    assertThat(console.said()).containsExactly("pools.web.backends.b2: added");
  }

  @Test
  void faults_areReportedOnceUntilTheyChange() throws Exception {
    write(B1, "{id: b2}");
    look(3);
    assertThat(console.complaints()).hasSize(2).endsWith(IGNORED);
    write(B1, "{id: b3}", "{id: b4}");
    look(3);
    assertThat(console.complaints()).hasSizeGreaterThan(3).endsWith(IGNORED);
    assertThat(effects.applied()).isEmpty();
  }

  @Test
  void faultThatComesBack_isReportedAgain() throws Exception {
    write("{id: b2}");
    look(1);
    write(B1);
    look(1);
    write("{id: b2}");
    look(1);
    assertThat(console.complaints()).filteredOn(IGNORED::equals).hasSize(2);
  }

  @Test
  void changeThatNeedsARestart_isSaidOnceAndAgainIfAnotherFollows() throws Exception {
    String other = text(B1).replace("port: 0", "port: 1");
    Files.writeString(file(), other);
    look(3);
    assertThat(console.said()).containsExactly("listeners.web.port: changed (needs a restart)");
    Files.writeString(file(), other.replace("pool: web}", "pool: web, host: localhost}"));
    look(3);
    assertThat(console.said()).hasSize(3);
    assertThat(effects.applied()).isEmpty();
  }

  private void look(int times) {
    for (int i = 0; i < times; i++) {
      follower.look();
    }
  }

  private void write(String... entries) throws IOException {
    Files.writeString(file(), text(entries));
  }

  private static String text(String... entries) {
    return TestGateway.yaml("http", "", TestGateway.LB_COOKIE, List.of(entries));
  }

  private Path file() {
    return folder.resolve("gateway.yaml");
  }
}
