package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.StickySession;
import dev.limpet.examples.gateway.config.ConfigReader;
import dev.limpet.examples.gateway.config.ConfigSource;
import dev.limpet.examples.gateway.operate.Choices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StickyChoicesTest {

  private static Choices choices(String yaml, String owner) {
    ConfigSource source = Objects.requireNonNull(
        ConfigReader.source(yaml).source(),
        () -> ConfigReader.source(yaml).faults().toString());
    return new StickyChoices(source.config(), source.document(), owner).choices();
  }

  private static String yaml(String profile, String protocols, String pool) {
    StringBuilder listeners = new StringBuilder();
    for (String protocol : protocols.split("\\+", -1)) {
      int port = 80 + listeners.length();
      listeners.append("  - {name: %s-in, protocol: %s, port: %d, pool: web}\n"
          .formatted(protocol, protocol, port));
    }
    return """
        profile: %s
        keySecret: MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=
        listeners:
        %spools:
          - name: web
            %s
            backends: [{id: web1, address: "h:1"}]
        """.formatted(profile, listeners, pool);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
      enhanced | http | failover: move | - | cookies only: listener http-in is HTTP | - | -
      enhanced | tcp | failover: move | - | - | source IP only: listener tcp-in is TCP | source IP only: listener tcp-in is TCP
      classic | http | failover: move | - | cookies only: listener http-in is HTTP | - | not in profile classic
      classic | tcp | failover: move | - | - | source IP only: listener tcp-in is TCP | source IP only: listener tcp-in is TCP
      open | http | failover: move | - | - | - | -
      open | tcp | failover: move | - | - | source IP only: listener tcp-in is TCP | source IP only: listener tcp-in is TCP
      open | http+tcp | failover: move | - | - | source IP only: listener tcp-in is TCP | source IP only: listener tcp-in is TCP
      enhanced | http+tcp | failover: move | its listeners are HTTP and TCP, which have no type in common | cookies only: listener http-in is HTTP | source IP only: listener tcp-in is TCP | source IP only: listener tcp-in is TCP
      enhanced | http | algorithm: source-ip-hash | only with weighted round robin; this pool uses source-ip-hash | cookies only: listener http-in is HTTP | - | -
      classic | tcp | algorithm: weighted-least-connections | only with weighted round robin; this pool uses weighted-least-connections | - | source IP only: listener tcp-in is TCP | source IP only: listener tcp-in is TCP
      open | http | algorithm: source-ip-hash | - | - | - | -
      open | http | 'sharedTable: {redis: "redis://h"}\n    stickySession: {type: source-ip}' | - | - | not with a shared table | -
      """)
  void whatAnOwnerMayNotHaveHasItsReason(
      String profile,
      String protocols,
      String pool,
      String refusal,
      String sourceIp,
      String lbCookie,
      String appCookie) {
    String owner = profile.equals("classic") ? protocols + "-in" : "web";
    Choices choices = choices(yaml(profile, protocols, pool.replace("\\n", "\n")), owner);

    assertThat(choices.refusal()).isEqualTo(refusal);
    assertThat(choices.types())
        .extracting(Choices.Type::type)
        .containsExactly("source-ip", "lb-cookie", "app-cookie");
    assertThat(choices.types())
        .extracting(Choices.Type::refusal)
        .containsExactly(sourceIp, lbCookie, appCookie);
  }

  @ParameterizedTest
  @CsvSource(textBlock = """
      enhanced, http, 60000, 86400000
      enhanced, tcp, 60000, 3600000
      classic, http, 60000, 86400000
      classic, tcp, 60000, 3600000
      """)
  void durationsAreThoseOfTheProfile(String profile, String protocol, long least, long most) {
    String owner = profile.equals("classic") ? protocol + "-in" : "web";

    assertThat(choices(yaml(profile, protocol, "failover: move"), owner).types())
        .allSatisfy(type -> {
          assertThat(type.least()).hasMillis(least);
          assertThat(type.most()).hasMillis(most);
          assertThat(type.standard()).isEqualTo(Duration.ofMinutes(20));
        });
  }

  @Test
  void whatIsWrongElsewhereIsNoReason(@TempDir Path folder) throws Exception {
    Path ca = TestCertificate.of(folder, "dns:localhost").cert();
    String yaml = yaml("enhanced", "http", "failover: move")
        .replace("\"h:1\"", "\"h:1\", scheme: https, tls: {ca: \"" + ca + "\"}");
    ConfigSource source = Objects.requireNonNull(ConfigReader.source(yaml).source());
    Files.delete(ca);
    Choices choices = new StickyChoices(source.config(), source.document(), "web").choices();

    assertThat(source.document().read().faults()).hasSize(1);
    assertThat(choices.types())
        .extracting(Choices.Type::refusal)
        .containsExactly("cookies only: listener http-in is HTTP", null, null);
  }

  @Test
  void openHasTheLimitsOfTheLibrary() {
    Choices choices = choices(yaml("open", "http", "failover: move"), "web");

    assertThat(choices.types())
        .extracting(type -> type.least().toMillis())
        .containsExactly(1L, 1000L, 1L);
    assertThat(choices.types())
        .extracting(Choices.Type::most)
        .containsOnly(StickySession.MAX_DURATION);
  }
}
