package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.StickySession;
import dev.limpet.core.table.StickyTableRaceContract.ManualClock;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Tables whose bindings are copied to one with other durations. */
class CopiedTableTest {
  private static final Duration T = Duration.ofMinutes(20);
  private static final StickySession SESSION = StickySession.custom().withDuration(T);
  private static final int CAPACITY = 10_000;

  private final ManualClock clock = new ManualClock(77);

  private CompactStickyTable table(StickySession session) {
    return CompactStickyTable.of(session, CAPACITY, clock);
  }

  private CompactStickyTable copy(CompactStickyTable table, StickySession session) {
    CompactStickyTable copy = table(session);
    Restored unused = copy.copyFrom(table);
    return copy;
  }

  @Test
  void allBindings_areCopied() {
    CompactStickyTable table = table(SESSION);
    SplittableRandom keys = new SplittableRandom(1);
    long bound = 0;
    for (int i = 0; i < 9_000; i++) {
      long key = keys.nextLong() | 1;
      bound += table.bind(key, null, "b" + i % 7, true).name() == null ? 0 : 1;
    }
    CompactStickyTable copy = table(SESSION.withDuration(T.multipliedBy(2)));
    assertThat(copy.copyFrom(table)).isEqualTo(Restored.of(bound, 0, 0));

    assertThat(copy.bindings()).isEqualTo(table.bindings());
    assertThat(copy.size()).isEqualTo(table.size());
    keys = new SplittableRandom(1);
    for (int i = 0; i < 9_000; i++) {
      long key = keys.nextLong() | 1;
      assertThat(copy.peek(key)).isEqualTo(table.peek(key));
    }
  }

  @Test
  void copiesOfEqualDurations_neverProlongABinding() {
    CompactStickyTable copy = table(SESSION);
    CompactStickyTable original = table(SESSION);
    copy.bind(1, null, "a", true);
    original.bind(1, null, "a", true);
    boolean lives = true;
    for (int i = 0; i < 400 && lives; i++) {
      clock.advance(T.dividedBy(200));
      copy = copy(copy, SESSION);
      lives = original.peek(1) != null;
      assertThat(copy.peek(1) != null).isEqualTo(lives);
    }
    assertThat(lives).isFalse();
  }

  @Test
  void aShorterDuration_endsWhatIsIdleForLonger() {
    CompactStickyTable table = table(SESSION);
    table.bind(1, null, "idle", true);
    table.bind(2, null, "used", true);
    clock.advance(T.dividedBy(2));
    assertThat(table.lookup(2)).isEqualTo("used");

    CompactStickyTable copy = table(SESSION.withDuration(T.dividedBy(4)));
    assertThat(copy.copyFrom(table)).isEqualTo(Restored.of(1, 1, 0));

    assertThat(copy.bindings()).isEqualTo(Map.of("used", 1L));
    clock.advance(T.dividedBy(4));
    assertThat(copy.peek(2)).isEqualTo("used");
    clock.advance(T.dividedBy(16));
    assertThat(copy.peek(2)).isNull();
  }

  @Test
  void aLongerDuration_holdsFromTheLastUse() {
    CompactStickyTable table = table(SESSION);
    table.bind(1, null, "a", true);
    clock.advance(T.dividedBy(2));
    CompactStickyTable copy = copy(table, SESSION.withDuration(T.multipliedBy(2)));
    clock.advance(T.multipliedBy(2).minus(T.dividedBy(2)));
    assertThat(copy.peek(1)).isEqualTo("a");
    clock.advance(T.dividedBy(4));
    assertThat(copy.peek(1)).isNull();
  }

  @Test
  void theMaximumDuration_countsFromTheBinding() {
    StickySession limited = SESSION.withMaxDuration(T.multipliedBy(2));
    CompactStickyTable table = table(limited);
    table.bind(1, null, "a", true);
    CompactStickyTable copy = table;
    for (int i = 0; i < 4; i++) {
      assertThat(copy.lookup(1)).isEqualTo("a");
      clock.advance(T.dividedBy(2));
      copy = copy(copy, limited);
    }
    clock.advance(T.dividedBy(8));
    assertThat(copy.lookup(1)).isNull();
  }

  @Test
  void whatChangesDuringACopy_isCopiedAtItsEnd() {
    for (int seed = 0; seed < 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      CompactStickyTable table = table(SESSION);
      change(table, random, 12_000);
      CompactStickyTable copy = table(SESSION.withDuration(T.multipliedBy(2)));
      TableCopy copying = copy.beginCopy(table);
      change(table, random, 3_000);
      copying.finish();
      assertThat(copy.bindings()).isEqualTo(table.bindings());
      assertThat(copy.size())
          .isEqualTo(table.bindings().values().stream().mapToLong(n -> n).sum());
      for (int i = 0; i < CAPACITY; i++) {
        assertThat(copy.peek(key(i))).isEqualTo(table.peek(key(i)));
      }
    }
  }

  @Test
  void aUseDuringACopy_countsAfterIt() {
    CompactStickyTable table = table(SESSION);
    table.bind(1, null, "a", true);
    table.bind(2, null, "b", true);
    clock.advance(T.minus(T.dividedBy(8)));
    CompactStickyTable copy = table(SESSION);
    TableCopy copying = copy.beginCopy(table);
    assertThat(table.lookup(1)).isEqualTo("a");
    copying.finish();
    clock.advance(T.dividedBy(2));
    assertThat(copy.peek(1)).isEqualTo("a");
    assertThat(copy.peek(2)).isNull();
  }

  private void change(CompactStickyTable table, SplittableRandom random, int operations) {
    for (int i = 0; i < operations; i++) {
      long key = key(random.nextInt(CAPACITY));
      String bound = table.peek(key);
      switch (random.nextInt(6)) {
        case 0 -> table.lookup(key);
        case 1 -> clock.advance(T.dividedBy(4_000));
        case 2 -> {
          if (bound != null) {
            table.unbind(key, bound);
          }
        }
        default -> table.bind(key, bound, "b" + random.nextInt(5), true);
      }
    }
  }

  private static long key(int number) {
    return new SplittableRandom(number).nextLong() | 1;
  }

  @Test
  void aBoundKey_keepsItsBinding() {
    CompactStickyTable table = table(SESSION);
    table.bind(1, null, "old", true);
    CompactStickyTable copy = table(SESSION);
    copy.bind(1, null, "new", true);
    assertThat(copy.copyFrom(table)).isEqualTo(Restored.of(0, 0, 1));
    assertThat(copy.peek(1)).isEqualTo("new");
  }

  @Test
  void aFloodedTable_staysFlooded() {
    CompactStickyTable table = CompactStickyTable.of(SESSION, 8, clock);
    for (long key = 1; key < 40; key++) {
      table.bind(key << 32 | key, null, "a", true);
    }
    CompactStickyTable copy = CompactStickyTable.of(SESSION, 8, clock);
    Restored unused = copy.copyFrom(table);
    assertThat(table.wantsHash(1)).isTrue();
    assertThat(copy.wantsHash(1)).isTrue();
  }

  @Test
  void anotherCapacity_isRefused() {
    CompactStickyTable table = table(SESSION);
    CompactStickyTable small = CompactStickyTable.of(SESSION, 10, clock);
    assertThatThrownBy(() -> table.copyFrom(small))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("capacity: 10 (expected: another table of 10000)");
    assertThatThrownBy(() -> table.copyFrom(table)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anotherClock_isRefused() {
    CompactStickyTable table = table(SESSION);
    CompactStickyTable other = CompactStickyTable.of(SESSION, CAPACITY, new ManualClock(77));
    assertThatThrownBy(() -> table.copyFrom(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("clock: another (expected: the clock of this table)");
    assertThatThrownBy(() -> table.beginCopy(other)).isInstanceOf(IllegalArgumentException.class);
    assertThat(table.size()).isZero();
  }

  @Test
  void tablesOfTheSystemClock_haveTheSameClock() {
    CompactStickyTable table = CompactStickyTable.of(SESSION, CAPACITY);
    table.bind(1, null, "a", true);
    CompactStickyTable copy = CompactStickyTable.of(SESSION, CAPACITY);
    assertThat(copy.copyFrom(table)).isEqualTo(Restored.of(1, 0, 0));
  }
}
