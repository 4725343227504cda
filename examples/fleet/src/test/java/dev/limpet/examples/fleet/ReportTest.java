package dev.limpet.examples.fleet;

import static dev.limpet.examples.fleet.VisitsTest.visit;
import static dev.limpet.examples.fleet.VisitsTest.visits;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Visit STUCK = visit("a", "web1", true);
  private static final Visit STRAY = visit("a", "web2", false);

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Report report = new Report(new PrintStream(written, true, UTF_8));

  @Test
  void allHolds_whereEveryClaimDoes() {
    report.allStick("source IP", visits(STUCK, STUCK));
    report.allSteady("app cookie", visits(STRAY, STRAY));
    report.allStickElsewhere("new", visits(STUCK), "web9");

    assertThat(report.end()).isTrue();
    assertThat(lines()).contains("3 of 3 claims hold");
  }

  @Test
  void aStray_isShownAndCounted() {
    report.allStick("source IP", visits(STUCK, STRAY));
    report.allStick("app cookie", visits(STUCK));

    assertThat(report.end()).isFalse();
    assertThat(lines())
        .anyMatch(line -> line.matches("source IP +1 +2 +1 +50.0 % +0  100 %: FAILS"))
        .contains("  a at gateway 1: web2 instead of web1", "1 of 2 claims hold");
  }

  @Test
  void aSessionAtTheBackendThatLeaves_isNotElsewhere() {
    report.allStickElsewhere("new", visits(STUCK), "web1");

    assertThat(report.end()).isFalse();
  }

  @Test
  void nothing_isNoStory() {
    report.allStick("source IP", visits());
    assertThat(report.end()).isFalse();
    assertThat(new Report(new PrintStream(written, true, UTF_8)).end()).isFalse();
  }

  private String[] lines() {
    return written.toString(UTF_8).lines().toArray(String[]::new);
  }
}
