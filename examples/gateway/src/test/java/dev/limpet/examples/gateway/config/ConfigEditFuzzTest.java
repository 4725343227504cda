package dev.limpet.examples.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;

class ConfigEditFuzzTest {
  private static final ConfigSource SOURCE = ConfigReader.source("""
      listeners: [{name: web, protocol: http, port: 80, pool: web}]
      pools:
        - name: web
          stickySession: {type: lb-cookie, duration: 20m}
          backends:
            - {id: web1, address: "h:1", weight: 5, drain: false}
            - {id: web2, address: "h:2"}
      """).source();

  @FuzzTest
  void anySettingsAreAnsweredByAConfigurationOrByFaultsOfOneLine(byte[] input) {
    String settings = new String(input, StandardCharsets.UTF_8);
    ConfigDocument document = SOURCE.document();
    List<ConfigEdit> edits = List.of(
        document.change(ConfigDocument.backend("web", "web1"), settings),
        document.add(ConfigDocument.backends("web"), settings),
        document.set(ConfigDocument.stickinessOfPool("web"), settings));

    edits.forEach(ConfigEditFuzzTest::check);
    for (ConfigFault fault : DeadlineReading.of(settings).faults()) {
      assertThat(fault.message()).doesNotContainPattern("\\p{Cntrl}");
    }
  }

  private static void check(ConfigEdit edit) {
    ConfigReading reading = edit.read();
    for (ConfigFault fault : reading.faults()) {
      assertThat(fault.line()).isZero();
      assertThat(fault.message()).contains(" (expected: ").doesNotContainPattern("\\p{Cntrl}");
    }
    GatewayConfig config = reading.config();
    if (config != null) {
      for (ConfigDifference difference :
          ConfigChange.between(SOURCE.config(), config).differences()) {
        assertThat(difference.toString()).doesNotContainPattern("\\p{Cntrl}");
      }
      ConfigDocument document = edit.document();
      assertThat(document.text(ConfigDocument.backend("web", "web1"))).isNotNull();
      ConfigSource written = SOURCE.rewritten(document, config);
      assertThat(written == null || written.config().equals(config)).isTrue();
    }
  }
}
