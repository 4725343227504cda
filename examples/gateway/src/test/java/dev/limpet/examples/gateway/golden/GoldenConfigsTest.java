package dev.limpet.examples.gateway.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.examples.gateway.config.ConfigChange;
import dev.limpet.examples.gateway.config.ConfigDifference;
import dev.limpet.examples.gateway.config.ConfigFault;
import dev.limpet.examples.gateway.config.ConfigReader;
import dev.limpet.examples.gateway.config.GatewayConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Configurations of an earlier version mean what they meant there. */
@ParameterizedClass
@MethodSource("dev.limpet.examples.gateway.golden.GoldenConfigs#versions")
class GoldenConfigsTest {
  @TempDir
  private Path folder;

  private final String version;

  GoldenConfigsTest(String version) {
    this.version = version;
  }

  @BeforeEach
  void copy() throws IOException {
    GoldenConfigs.copy(version, folder);
  }

  private GatewayConfig config(String name) {
    return GoldenConfigs.source(folder.resolve(name)).config();
  }

  /** A later version may have more settings. It may not read the old ones in another way. */
  @ParameterizedTest
  @ValueSource(strings = {GoldenConfigs.GATEWAY, GoldenConfigs.CLASSIC, GoldenConfigs.EDITED})
  void configurations_haveTheMeaningThatTheyHad(String name) throws IOException {
    List<String> meaning = GoldenConfigs.lines(version, GoldenConfigs.meaning(name));

    assertThat(meaning).hasSizeGreaterThan(50);
    assertThat(Meaning.of(config(name), folder)).containsAll(meaning);
  }

  @Test
  void fileThatWasEdited_hasTheChanges() {
    ConfigChange change =
        ConfigChange.between(config(GoldenConfigs.GATEWAY), config(GoldenConfigs.EDITED));

    assertThat(change.restarts()).isEmpty();
    assertThat(change.differences())
        .extracting(ConfigDifference::toString)
        .containsExactlyInAnyOrder(
            "pools.web.backends.web1.address: web1.example.org:443 -> [::1]:8443",
            "pools.web.backends.web1.weight: 5 -> 3",
            "pools.web.backends.web1.drain: false -> true",
            "pools.web.stickySession.duration: 30m -> 45m",
            "pools.web.stickySession.maxDuration: 8h -> 1d",
            "pools.web.stickySession.cookieName: LB -> LB2",
            "pools.web.stickySession.encrypted: true -> absent");
  }

  @Test
  void whatIsWrittenNow_isWhatTheNewestFileHas() throws IOException {
    Path newest = Files.createDirectory(folder.resolve("newest"));
    GoldenConfigs.copy(GoldenConfigs.NEWEST, newest);

    assertThat(GoldenConfigs.edited(GoldenConfigs.source(newest.resolve(GoldenConfigs.GATEWAY))))
        .isEqualTo(Files.readString(newest.resolve(GoldenConfigs.EDITED)));
  }

  @Test
  void keyOfALaterVersion_isRefusedWithItsLine() throws IOException {
    Path file = folder.resolve(GoldenConfigs.CLASSIC);
    Files.writeString(
        file, Files.readString(file).replace("port: 8081", "port: 8081\n    later: 1"));

    assertThat(ConfigReader.source(file).faults())
        .extracting(ConfigFault::toString)
        .singleElement()
        .asString()
        .startsWith(file + ":11: later: an unknown key (expected: one of [name, protocol, ");
  }

  @ParameterizedTest
  @ValueSource(strings = {GoldenConfigs.GATEWAY, GoldenConfigs.CLASSIC, GoldenConfigs.EDITED})
  void everySetting_isInTheNewestMeaning(String name) throws IOException {
    Path newest = Files.createDirectory(folder.resolve("newest"));
    GoldenConfigs.copy(GoldenConfigs.NEWEST, newest);
    GatewayConfig config = GoldenConfigs.source(newest.resolve(name)).config();

    assertThat(Meaning.of(config, newest))
        .isEqualTo(GoldenConfigs.lines(GoldenConfigs.NEWEST, GoldenConfigs.meaning(name)));
  }
}
