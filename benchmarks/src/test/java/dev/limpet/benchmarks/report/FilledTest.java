package dev.limpet.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.table.CaffeineStickyTable;
import dev.limpet.core.table.CompactStickyTable;
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
  void row_saysWhatASessionTakes() {
    Map<String, Object> row = MemoryReport.row(Filled.COMPACT_75, SESSIONS);

    assertThat(row)
        .containsEntry("table", "compact")
        .containsEntry("load", 75)
        .containsEntry("sessions", SESSIONS);
    assertThat((double) row.get("bytesPerSession")).isBetween(8 * 1_200.0 / SESSIONS, 1_000.0);
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
