package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.limpet.core.table.CompactStickyTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a compact table does for one that proxies share. */
class SharedBindingsTest {
  private static final Duration T = Duration.ofMinutes(64);
  private static final Duration TICK = T.dividedBy(64);
  private static final StickySession SLIDING = StickySession.custom().withDuration(T);

  private final AtomicLong now = new AtomicLong(1_000_000_007);

  @Test
  void aBindingOfSomeAge_endsAtItsDurationAndAtMostATickOfBindsLater() {
    for (int age = 0; age < 64; age++) {
      CompactStickyTable table = table(SLIDING.withMode(StickySession.Mode.ABSOLUTE));
      Duration passed = TICK.multipliedBy(age).plusNanos(age);

      assertThat(table.bind(1, "a", passed)).isTrue();
      pass(T.minus(passed).minusNanos(1));
      assertThat(table.lookup(1)).as("age %s", passed).isEqualTo("a");
      pass(T.dividedBy(32).plusNanos(1));
      assertThat(table.lookup(1)).as("age %s", passed).isNull();
    }
  }

  @Test
  void aBindingOfSomeAge_isUsedNow() {
    CompactStickyTable table = table(SLIDING);

    table.bind(1, "a", T.multipliedBy(100));
    pass(T.minusNanos(1));
    assertThat(table.peek(1)).isEqualTo("a");
    pass(TICK.multipliedBy(2).plusNanos(1));
    assertThat(table.peek(1)).isNull();
  }

  @Test
  void aBindingThatIsTooOld_isNotMade() {
    CompactStickyTable table = table(SLIDING.withMaxDuration(T.multipliedBy(2)));

    assertThat(table.bind(1, "a", T.multipliedBy(3))).isFalse();
    assertThat(table.bind(1, "a", Duration.ofDays(10_000))).isFalse();
    assertThat(table.size()).isZero();
  }

  @Test
  void withoutAMaximum_aBindingIsNeverTooOld() {
    for (int days : new int[] {365, 366, 10_000}) {
      CompactStickyTable table = table(SLIDING);
      assertThat(table.bind(1, "a", Duration.ofDays(days))).isTrue();
      pass(T.minusNanos(1));
      assertThat(table.lookup(1)).isEqualTo("a");
    }
  }

  @Test
  void withALongMaximum_aBindingEndsByIt() {
    Duration longest = StickySession.MAX_DURATION;
    CompactStickyTable table = table(SLIDING.withDuration(longest).withMaxDuration(longest));
    pass(T);
    assertThat(table.bind(1, "a", longest.minusNanos(1))).isTrue();
    assertThat(table.bind(2, "a", longest.multipliedBy(2))).isFalse();
  }

  @Test
  void aKeyThatIsBound_staysSo() {
    CompactStickyTable table = table(SLIDING);
    table.bind(1, null, "a", true);

    assertThat(table.bind(1, "b", Duration.ZERO)).isFalse();
    assertThat(table.peek(1)).isEqualTo("a");
    assertThat(table.bindings("b")).hasValue(0);
  }

  @Test
  void aFullTable_takesNoMore() {
    CompactStickyTable table = CompactStickyTable.of(SLIDING, 1, now::get);
    table.bind(1, null, "a", true);

    assertThat(table.bind(2, "b", Duration.ZERO)).isFalse();
    assertThat(table.size()).isEqualTo(1);
  }

  @Test
  void anAgeIsNotNegative() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> table(SLIDING).bind(1, "a", Duration.ofNanos(-1)))
        .withMessage("age: PT-0.000000001S (expected: PT0S or more)");
  }

  @Test
  void aNameIsNotNull() {
    CompactStickyTable table = table(SLIDING.withMaxDuration(T));
    for (int age = 0; age < 3; age++) {
      Duration passed = T.multipliedBy(age);
      assertThatNullPointerException()
          .isThrownBy(() -> table.bind(1, null, passed))
          .withMessage("candidate");
    }
  }

  @Test
  void usesThatAreRecorded_areToldOf() {
    List<Long> uses = new ArrayList<>();
    CompactStickyTable table = CompactStickyTable.of(SLIDING, 100, now::get, uses::add);
    table.bind(7, null, "a", true);

    table.lookup(7);
    assertThat(uses).isEmpty();
    for (int i = 0; i < 64; i++) {
      pass(TICK);
      table.lookup(7);
      table.lookup(7);
      table.peek(7);
      table.lookup(8);
    }

    assertThat(uses).hasSizeBetween(31, 64).containsOnly(7L);
  }

  @Test
  void inAbsoluteMode_noUseIsRecorded() {
    List<Long> uses = new ArrayList<>();
    StickySession absolute = SLIDING.withMode(StickySession.Mode.ABSOLUTE);
    CompactStickyTable table = CompactStickyTable.of(absolute, 100, now::get, uses::add);
    table.bind(7, null, "a", true);
    for (int i = 0; i < 60; i++) {
      pass(TICK);
      table.lookup(7);
    }

    assertThat(uses).isEmpty();
  }

  private CompactStickyTable table(StickySession session) {
    return CompactStickyTable.of(session, 1_000, now::get);
  }

  private void pass(Duration duration) {
    now.getAndAdd(duration.toNanos());
  }
}
