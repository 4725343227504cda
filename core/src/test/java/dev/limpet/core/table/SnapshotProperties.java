package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.StickyTable;
import dev.limpet.core.table.StickyTableRaceContract.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.LongRange;

class SnapshotProperties {
  private static final long KEYS = 6;
  private static final long CAPACITY = 5;
  private static final Path NO_FILE = Path.of("none");

  /** However often it restarts, and whatever is done in between. */
  @Property(tries = 1_000)
  void tableThatRestarts_answersAsOneThatGoesOn(
      @ForAll("sessions") StickySession session, @ForAll("histories") List<Step> history) {
    SnapshotScene scene = new SnapshotScene(NO_FILE, session, CAPACITY);
    ManualClock clock = new ManualClock(55);
    CompactStickyTable goesOn = CompactStickyTable.of(session, CAPACITY, clock);

    for (Step step : history) {
      Duration time = step.part(session.duration());
      clock.advance(time);
      if (step.restarts()) {
        scene.saveInMemory();
        scene.wall.advance(time);
        scene.restart(session, CAPACITY, step.key() * 1_000_003);
        assertThat(scene.restoreFromMemory().leftOut()).isZero();
      } else {
        scene.pass(time);
      }
      assertThat(step.doTo(scene.table)).isEqualTo(step.doTo(goesOn));
      for (long key = 1; key <= KEYS; key++) {
        assertThat(scene.table.peek(key)).isEqualTo(goesOn.peek(key));
        assertThat(scene.table.wantsHash(key)).isEqualTo(goesOn.wantsHash(key));
      }
    }
  }

  /** Of sessions that are of another duration now, or come to a table that has bindings. */
  @Property(tries = 1_000)
  void restoredBinding_livesForItsDurationAndLittleLonger(
      @ForAll("durations") Duration before,
      @ForAll("durations") Duration after,
      @ForAll Mode mode,
      @ForAll @LongRange(min = 0, max = 1_000) long age,
      @ForAll @LongRange(min = 0, max = 1_000) long down,
      @ForAll @LongRange(min = 0, max = 1_000) long offset) {
    SnapshotScene scene = new SnapshotScene(NO_FILE, session(before, mode), CAPACITY);
    scene.pass(before.multipliedBy(offset).dividedBy(997));
    scene.bind(1, "a");
    Duration old = before.multipliedBy(age).dividedBy(1_000);
    scene.pass(old);
    scene.saveInMemory();
    Duration passed = after.multipliedBy(down).dividedBy(1_000);
    scene.wall.advance(passed);
    scene.restart(session(after, mode), CAPACITY, offset);
    scene.bind(2, "b");
    scene.clock.advance(after.multipliedBy(offset).dividedBy(1_009));

    scene.restoreFromMemory();

    Duration left = after.minus(old).minus(passed);
    if (left.compareTo(Duration.ZERO) > 0) {
      assertThat(scene.table.peek(1)).isEqualTo("a");
      scene.clock.advance(left.minusNanos(1));
      assertThat(scene.table.peek(1)).isEqualTo("a");
      scene.clock.advance(Duration.ofNanos(1));
    }
    Duration late = before.dividedBy(32).plus(after.dividedBy(32));
    scene.clock.advance(left.isNegative() ? late.plus(left) : late);
    assertThat(scene.table.peek(1)).isNull();
  }

  /** Any keys and names. */
  @Property(tries = 300)
  void whatWasSaved_isRestored(
      @ForAll Map<@LongRange(min = 1) Long, String> bindings, @ForAll int start) {
    SnapshotScene scene = new SnapshotScene(NO_FILE, SnapshotScene.SESSION, 4_000);
    Map<Long, String> stored = new HashMap<>();
    bindings.forEach((key, name) -> {
      if (name.length() < 300 && name.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF)) {
        scene.bind(key, name);
        stored.put(key, name);
      }
    });
    scene.saveInMemory();
    scene.restart(SnapshotScene.SESSION, 4_000, start);
    assertThat(scene.restoreFromMemory()).isEqualTo(Restored.of(stored.size(), 0, 0));
    stored.forEach((key, name) -> assertThat(scene.table.peek(key)).isEqualTo(name));
  }

  @Provide
  Arbitrary<Duration> durations() {
    return Arbitraries.of("PT1S", "PT10S", "PT64S", "PT20M", "PT21M", "P7D").map(Duration::parse);
  }

  @Provide
  Arbitrary<StickySession> sessions() {
    return Combinators.combine(durations(), Arbitraries.of(0, 1, 2, 3))
        .as((duration, kind) -> switch (kind) {
          case 0 -> session(duration, Mode.SLIDING);
          case 1 -> session(duration, Mode.ABSOLUTE);
          case 2 -> session(duration, Mode.SLIDING).withMaxDuration(duration);
          default -> session(duration, Mode.SLIDING).withMaxDuration(duration.multipliedBy(3));
        });
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    Arbitrary<Integer> parts = Arbitraries.frequencyOf(
        Tuple.of(5, Arbitraries.just(0)),
        Tuple.of(5, Arbitraries.integers().between(0, 40)),
        Tuple.of(4, Arbitraries.integers().between(0, 900)),
        Tuple.of(1, Arbitraries.integers().between(900, 5_000)));
    return Combinators.combine(
            parts,
            Arbitraries.longs().between(1, KEYS),
            Arbitraries.of("a", "b", "c"),
            Arbitraries.integers().between(0, 5),
            Arbitraries.frequency(Tuple.of(3, false), Tuple.of(1, true)))
        .as(Step::new)
        .list()
        .ofMaxSize(40);
  }

  private static StickySession session(Duration duration, Mode mode) {
    return StickySession.custom().withDuration(duration).withMode(mode);
  }

  record Step(int thousandths, long key, String name, int kind, boolean restarts) {
    Duration part(Duration duration) {
      return duration.multipliedBy(thousandths).dividedBy(1_000);
    }

    Object doTo(StickyTable table) {
      return switch (kind) {
        case 0 -> String.valueOf(table.lookup(key));
        case 1 -> table.unbind(key, name);
        case 2 -> table.bind(key, "a", name, true);
        default -> table.bind(key, null, name, kind == 3);
      };
    }
  }
}
