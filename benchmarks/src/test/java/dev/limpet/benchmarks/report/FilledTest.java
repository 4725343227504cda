package dev.limpet.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.table.CaffeineStickyTable;
import dev.limpet.core.table.CompactStickyTable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FilledTest {
  private static final int SESSIONS = 900;

  @ParameterizedTest
  @EnumSource
  void table_holdsAsManySessions(Filled filled) {
    assertThat(size(filled.with(SESSIONS))).isEqualTo(SESSIONS);
  }

  @Test
  void compactTable_isAsFullAsItSays() {
    assertThat(((CompactStickyTable) Filled.COMPACT_75.with(SESSIONS)).capacity())
        .isEqualTo(1_200);
    assertThat(((CompactStickyTable) Filled.COMPACT_90.with(SESSIONS)).capacity())
        .isEqualTo(1_000);
  }

  @Test
  void memoryTable_hasARowForEachTableAndAColumnForEachSize() {
    assertThat(MemoryReport.table(List.of(SESSIONS, 2_000)))
        .startsWith("| table | sessions 900 | sessions 2,000 |\n")
        .containsPattern(
            "\\| compact, 75 % load \\| [1-9][\\d.]+ B \\(heap: [-\\d.,]+ B\\) \\| [1-9]")
        .hasLineCount(2 + Filled.values().length);
  }

  private static long size(Object table) {
    if (table instanceof CompactStickyTable compact) {
      return compact.size();
    }
    return (table instanceof CaffeineStickyTable caffeine)
        ? caffeine.size()
        : ((Map<?, ?>) table).size();
  }
}
