package dev.limpet.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dashboards and alerts go on after an update. */
class GoldenMetersTest {

  @ParameterizedTest
  @MethodSource("dev.limpet.micrometer.GoldenMeters#versions")
  void metersOfEarlierVersions_areStillThere(String version) throws IOException {
    assertThat(GoldenMeters.lines()).containsAll(GoldenMeters.lines(version));
  }

  @Test
  void everyMeter_isInTheNewestList() throws IOException {
    Set<String> listed = GoldenMeters.lines(GoldenMeters.NEWEST).stream()
        .map(line -> line.substring(0, line.indexOf(' ')))
        .collect(Collectors.toSet());
    List<String> all = Arrays.stream(LimpetMeter.values()).map(LimpetMeter::id).toList();

    assertThat(listed).containsExactlyInAnyOrderElementsOf(all);
  }
}
