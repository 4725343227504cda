package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Bound;
import dev.limpet.core.Environment;
import dev.limpet.core.ManualWall;
import dev.limpet.core.Routing;
import dev.limpet.core.StickySession;
import dev.limpet.core.table.StickyTableRaceContract.ManualClock;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The names of a compact table's bindings, of which there are 16,383 at once. */
class CompactStickyTableNamesTest {
  private static final int NAMES = 16_383;
  private static final StickySession SESSION = StickySession.custom();

  private final ManualClock clock = new ManualClock(0);
  private final CompactStickyTable table = CompactStickyTable.of(SESSION, 65_536, clock);

  @Test
  void oneNameMore_findsNoPlace() {
    bindAllNames();

    assertThat(bind(0, "one more")).isEqualTo(Bound.FULL);
    assertThat(table.bind(1, name(1), "one more", false)).isEqualTo(Bound.FULL);
    assertThat(table.refusedNames()).isEqualTo(2);
    LongStream.rangeClosed(1, NAMES)
        .forEach(key -> assertThat(table.lookup(key)).isEqualTo(name(key)));
    assertThat(bind(-1, name(1))).isEqualTo(Bound.stored(name(1)));
  }

  @Test
  void oneNameMore_isCountedHoweverItComes() throws Exception {
    CompactStickyTable other = CompactStickyTable.of(SESSION, 65_536, clock);
    other.bind(-1, null, "one more", true);
    other.bind(-2, null, "one more", true);
    bindAllNames();

    assertThat(table.bind(0, "one more", Duration.ZERO)).isFalse();
    assertThat(table.refusedNames()).isEqualTo(1);
    Environment environment = Routing.ENVIRONMENT.withWallClock(new ManualWall());
    byte[] saved = other.snapshot(environment);
    assertThat(table.restore(saved, environment).leftOut()).isEqualTo(2);
    assertThat(table.refusedNames()).isEqualTo(3);
  }

  @Test
  void aNameThatIsNotNeeded_isNotRefused() {
    bindAllNames();

    assertThat(bind(1, "one more")).isEqualTo(Bound.held(name(1)));
    assertThat(table.bind(-1, "gone", "one more", false)).isEqualTo(Bound.ABSENT);
    assertThat(table.refusedNames()).isZero();
  }

  @Test
  void aRefusedName_wantsAHashAsAnyOverflow() {
    bindAllNames();
    bind(0, "one more");

    assertThat(table.wantsHash(0)).isTrue();
    assertThat(table.bind(0, null, name(1), false)).isEqualTo(Bound.HASH_WANTED);
  }

  @Test
  void aNameThatIsLeft_makesRoom() {
    bindAllNames();
    table.unbind(7, name(7));
    assertThat(bind(0, "one more")).isEqualTo(Bound.stored("one more"));
    assertThat(bind(7, name(7))).isEqualTo(Bound.FULL);
    table.bind(8, name(8), name(9), false);
    assertThat(bind(7, name(7))).isEqualTo(Bound.stored(name(7)));
  }

  @Test
  void namesOfExpiredSessions_makeRoom() {
    bindAllNames();
    clock.advance(SESSION.duration().multipliedBy(2));

    for (long key = 1; key <= 2 * NAMES; key++) {
      assertThat(bind(-key, "new" + key % NAMES)).isEqualTo(Bound.stored("new" + key % NAMES));
    }
    assertThat(table.refusedNames()).isZero();
  }

  @Test
  void namesThatComeAndGo_neverRunOut() {
    for (long key = 1; key <= 200_000; key++) {
      assertThat(bind(key, name(key))).isEqualTo(Bound.stored(name(key)));
      long oldest = key - 100;
      if (oldest > 0) {
        assertThat(table.lookup(oldest)).isEqualTo(name(oldest));
        assertThat(table.unbind(oldest, name(oldest))).isTrue();
      }
    }
    assertThat(table.size()).isEqualTo(100);
    assertThat(table.refusedNames()).isZero();
  }

  private void bindAllNames() {
    LongStream.rangeClosed(1, NAMES)
        .forEach(key -> assertThat(bind(key, name(key))).isEqualTo(Bound.stored(name(key))));
  }

  private Bound bind(long key, String name) {
    return table.bind(key, null, name, true);
  }

  private static String name(long key) {
    return "backend" + key;
  }
}
