package dev.limpet.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportedChurnTest {
  private static final int PLACES = 4_096;

  @Test
  void load_isKeptWhileAllSessionsAreReplaced() {
    Churn churn = new Churn(PLACES, 75, 1);
    churn.settle(4);

    churn.run(4);

    int live = PLACES * 75 / 100;
    assertThat(churn.live()).isEqualTo(live);
    assertThat(churn.offered() - churn.overflowed()).isBetween(3L * live, 5L * live);
  }

  @Test
  void sessionsBeyondThePlaces_overflow() {
    Churn roomy = new Churn(PLACES, 60, 1);
    Churn tight = new Churn(PLACES, 95, 1);
    roomy.settle(2);
    tight.settle(2);

    roomy.run(2);
    tight.run(2);

    assertThat(roomy.overflowed()).isZero();
    assertThat(tight.overflowed()).isPositive();
  }

  @Test
  void overflowTable_hasARowForEachLoad() {
    assertThat(OverflowReport.table(List.of(1_000)))
        .contains("| 1,000 | 60 % | ", " | 0 | 0 % |\n", "| 1,000 | 95 % | ")
        .hasLineCount(2 + 8);
  }
}
