package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompactStickyTableTest extends StickyTableContract {
  private static final StickySession SESSION = StickySession.custom();

  @Override
  protected StickyTable newTable(StickySession session, long capacity, NanoClock now) {
    return CompactStickyTable.of(session, capacity, now);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE, CompactStickyTable.MAX_CAPACITY + 1, Long.MAX_VALUE})
  void of_refusesACapacityOutOfRange(long capacity) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CompactStickyTable.of(SESSION, capacity))
        .withMessage("capacity: %s (expected: 1..%s)", capacity, CompactStickyTable.MAX_CAPACITY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "P365DT0.000000001S"})
  void of_refusesADurationOutOfRange(Duration duration) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CompactStickyTable.of(SESSION.withDuration(duration), 1))
        .withMessage("duration: %s (expected: > PT0S, <= PT8760H)", duration);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CompactStickyTable.of(SESSION.withMaxDuration(duration), 1))
        .withMessage("maxDuration: %s (expected: > PT0S, <= PT8760H)", duration);
  }

  @Test
  void arguments_mayNotBeNull() {
    CompactStickyTable table = CompactStickyTable.of(SESSION, 1);
    assertThatNullPointerException().isThrownBy(() -> CompactStickyTable.of(null, 1));
    assertThatNullPointerException()
        .isThrownBy(() -> CompactStickyTable.of(SESSION, 1, null))
        .withMessage("clock");
    assertThatNullPointerException()
        .isThrownBy(() -> table.bind(1, null, null, false))
        .withMessage("candidate");
  }

  @Test
  void systemTime_isTheDefault() {
    CompactStickyTable table = CompactStickyTable.of(SESSION, 1);
    table.bind(1, null, "a", false);
    assertThat(table.lookup(1)).isEqualTo("a");
  }

  @Test
  void bindings_areCountedByName() {
    CompactStickyTable table = CompactStickyTable.of(SESSION, 3);
    table.bind(1, null, "a", false);
    table.bind(2, null, "b", false);
    table.bind(3, null, "b", false);
    assertThat(table.bindings()).isEqualTo(Map.of("a", 1L, "b", 2L));
    assertThat(table.bindings("b")).hasValue(2);
  }

  @Test
  void size_countsWhatIsTaken() {
    ManualClock clock = new ManualClock(0);
    CompactStickyTable table = CompactStickyTable.of(SESSION, 3, clock);
    assertThat(table.capacity()).isEqualTo(3);
    assertThat(table.size()).isZero();
    table.bind(1, null, "a", false);
    table.bind(1, null, "b", false);
    table.bind(1, "gone", "b", false);
    table.bind(2, "gone", "b", false);
    assertThat(table.size()).isEqualTo(1);
    table.bind(1, "a", "b", false);
    table.bind(2, null, "b", false);
    table.bind(3, null, "b", false);
    table.bind(4, null, "b", false);
    table.bind(5, null, "b", false);
    assertThat(table.size()).isEqualTo(3);
    table.unbind(1, "a");
    assertThat(table.size()).isEqualTo(3);
    table.unbind(1, "b");
    assertThat(table.size()).isEqualTo(2);
    clock.advance(SESSION.duration().multipliedBy(2));
    table.lookup(2);
    assertThat(table.size()).isZero();
  }
}
