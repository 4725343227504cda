package dev.limpet.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProxyCostTest {

  @Test
  void ratios_areOfTheSameTurn() {
    List<String> lines = new ArrayList<>();
    for (int turn = 1; turn <= 12; turn++) {
      int noise = turn * 1000; // the same for all contenders of a turn
      lines.add(line("jetty", "bare", turn, noise * 80));
      lines.add(line("jetty", "plain", turn, noise * 100));
      lines.add(line("jetty", "lb-cookie", turn, noise * 102));
      lines.add(line("gateway", "plain", turn, noise * 40));
      lines.add(line("gateway", "lb-cookie", turn, noise * 51));
    }

    List<String> rows = ProxyCost.table(lines).lines().toList();

    assertThat(rows.get(2))
        .startsWith("| jetty | bare | 520.0 | 333 |  |  | 0.500 (0.500–0.500) | 12 |");
    assertThat(rows.get(3)).contains("1.250 (1.250–1.250)", "0.400 (0.400–0.400)");
    assertThat(rows.get(4))
        .contains("1.275 (1.275–1.275) | 1.020 (1.020–1.020) | 0.500 (0.500–0.500) | 12 |");
    assertThat(rows.get(6)).endsWith("|  | 1.275 (1.275–1.275) |  | 12 |");
  }

  @Test
  void withoutTheOther_thereIsNoRatio() {
    assertThat(ProxyCost.table(List.of(line("nginx", "plain", 1, 18_000)))
            .lines()
            .toList()
            .get(2))
        .isEqualTo("| nginx | plain | 18.0 | 333 |  |  |  | 1 |");
  }

  @Test
  void line_withoutItsCells_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProxyCost.table(List.of("jetty\tbare")))
        .withMessage("line: jetty\tbare (expected: 7 cells)");
  }

  private static String line(String proxy, String mode, int turn, int micros) {
    return String.join(
        "\t", proxy, mode, "1", Integer.toString(turn), Integer.toString(micros), "1000", "3.0");
  }
}
