package dev.limpet.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.limpet.benchmarks.report.Verdict.Answer;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class TargetsTest {
  private static final String JDK = "17.0.15";

  private final Results results = Fixtures.all();
  private final Selection jmh = results.jmh();

  @Test
  void lookups_areJudgedByRatiosOfMedians() {
    List<Verdict> verdicts = new LookupTargets(jmh, JDK).verdicts();

    assertThat(verdicts)
        .extracting(Verdict::measured)
        .containsExactly("10×", "", "2.667×", "", "", "", "50 ns");
    assertThat(verdicts)
        .extracting(Verdict::answer)
        .containsExactly(
            Answer.HOLDS,
            Answer.NOT_MEASURED,
            Answer.DOES_NOT_HOLD,
            Answer.NOT_MEASURED,
            Answer.NOT_MEASURED,
            Answer.NOT_MEASURED,
            Answer.HOLDS);
  }

  @Test
  void allocation_isJudgedByTheWorstJvm() {
    assertThat(new RouteTargets(jmh, JDK).verdicts())
        .extracting(Verdict::measured, Verdict::answer)
        .containsExactly(
            tuple("0 B/op", Answer.HOLDS),
            tuple("96 B/op", Answer.DOES_NOT_HOLD),
            tuple("640 B/op", Answer.HOLDS));
  }

  @Test
  void twoThreads_areComparedWithOne() {
    assertThat(new ChangeTargets(jmh, JDK).verdicts())
        .extracting(Verdict::measured)
        .containsExactly("0.875×", "2.5×", "30 ns", "1.5×", "300 ns", "2.5 ms");
  }

  @Test
  void peerThatMovesSessions_isNotRaced() {
    assertThat(new PeerTargets(results, JDK).verdicts())
        .extracting(Verdict::claim, Verdict::measured)
        .containsExactly(
            tuple("decision among 10 backends, limpet / steady below 1×", "0.25×"),
            tuple("decision among 100 backends, limpet / steady below 1×", "1.222×"));
  }

  @Test
  void memoryAndOverflow_areJudgedFromAMillionOn() {
    assertThat(new MemoryTargets(results).verdicts())
        .extracting(Verdict::measured)
        .containsExactly("10.7 B", "0.0001 %", "9.6 B", "1 %");
  }

  @Test
  void limit_holdsItselfUnlessItIsToBeStayedBelow() {
    OptionalDouble one = OptionalDouble.of(1);

    assertThat(Verdict.atMost("", "", one, 1, "").answer()).isEqualTo(Answer.HOLDS);
    assertThat(Verdict.atLeast("", "", one, 1, "").answer()).isEqualTo(Answer.HOLDS);
    assertThat(Verdict.below("", "", one, 1, "").answer()).isEqualTo(Answer.DOES_NOT_HOLD);
  }
}
