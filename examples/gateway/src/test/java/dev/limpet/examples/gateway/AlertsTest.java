package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The alerts of docs/alerts.md ask for meters, outcomes and reasons that there are. */
@Timeout(120)
class AlertsTest {
  private static final Path DOCUMENT = Path.of("..", "..", "docs", "alerts.md");
  private static final Pattern METRIC = Pattern.compile("limpet_\\w+");
  private static final Pattern MATCHER = Pattern.compile("(outcome|reason|state)=~\"([^\"]*)\"");
  private static final Pattern RULES = Pattern.compile("(?s)```yaml\n(groups:.*?)```");

  @Test
  void everyMeter_isInAScrape_andEveryLabelHasItsValue() throws IOException {
    String document = Files.readString(DOCUMENT);
    try (EveryOutcome scene = new EveryOutcome()) {
      Samples samples = Samples.of(AdminTest.get(scene.adminPort(), "/metrics").body());

      assertThat(METRIC.matcher(document).results().map(MatchResult::group))
          .hasSizeGreaterThan(10)
          .allMatch(samples.names()::contains);
      assertThat(MATCHER.matcher(document).results())
          .hasSize(7)
          .allSatisfy(matcher -> assertThat(samples.values(matcher.group(1)))
              .containsAll(List.of(matcher.group(2).split("\\|", -1))));
    }
  }

  @Tag("slow")
  @Test
  void everyRule_isOneThatPrometheusLoads(@TempDir Path folder) throws Exception {
    MatchResult rules =
        RULES.matcher(Files.readString(DOCUMENT)).results().findFirst().get();
    Path file = Files.writeString(folder.resolve("alerts.yml"), rules.group(1));

    try (TestPrometheus prometheus =
        new TestPrometheus(folder, "rule_files: [" + file + "]\nscrape_configs: []\n")) {
      assertThat(prometheus.query("vector(1)")).hasSize(1);
    }
  }
}
