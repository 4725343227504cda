package dev.limpet.examples.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;

class ConfigFuzzTest {
  @FuzzTest
  void anyTextIsAnsweredByAConfigurationOrByFaultsOfOneLine(byte[] input) {
    String yaml = new String(input, StandardCharsets.UTF_8);

    SourceReading reading = ConfigReader.source(yaml);

    assertThat(reading.source() == null).isNotEqualTo(reading.faults().isEmpty());
    assertThat(reading).isEqualTo(ConfigReader.source(yaml));
    assertThat(reading.faults()).isSortedAccordingTo(Comparator.comparingInt(ConfigFault::line));
    for (ConfigFault fault : reading.faults()) {
      assertThat(fault.line()).isBetween(1, (int) yaml.lines().count() + 2);
      assertThat(fault.message()).contains(" (expected: ").doesNotContainPattern("\\p{Cntrl}");
    }
    if (reading.source() != null) {
      GatewayConfig config = reading.source().config();
      assertThat(config.listeners()).isNotEmpty().allMatch(l -> config.pool(l) != null);
      assertThat(ConfigChange.between(config, config).pools()).isEmpty();
    }
  }
}
