package dev.limpet.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdapterCostTest {

  @Test
  void ratios_areOfTheSameTurn() {
    List<String> lines = new ArrayList<>();
    for (int turn = 1; turn <= 12; turn++) {
      int noise = turn * 1000; // the same in all modes of a turn
      lines.add("jetty\tbare\t1\t" + turn + '\t' + noise * 80 + "\t1000\t3.0");
      lines.add("jetty\tnone\t1\t" + turn + '\t' + noise * 100 + "\t1000\t3.0");
      lines.add("jetty\tlb-cookie\t1\t" + turn + '\t' + noise * 102 + "\t1000\t3.0");
    }

    assertThat(AdapterCost.table(lines).lines().toList().get(2))
        .startsWith("| jetty |")
        .contains("1.020 (1.020–1.020)", "1.275 (1.275–1.275)")
        .endsWith("| 12 |");
  }

  @Test
  void line_withoutItsCells_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AdapterCost.table(List.of("jetty\tbare")))
        .withMessage("line: jetty\tbare (expected: 7 cells)");
  }
}
