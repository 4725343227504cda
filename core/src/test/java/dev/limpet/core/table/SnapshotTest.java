package dev.limpet.core.table;

import static dev.limpet.core.table.SnapshotScene.SESSION;
import static dev.limpet.core.table.SnapshotScene.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Bound;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
  @TempDir
  private Path folder;

  private SnapshotScene scene;

  @BeforeEach
  void makeScene() {
    scene = new SnapshotScene(folder);
  }

  @Test
  void bindings_areBackAfterARestart_ofAFullTableToo() {
    scene = new SnapshotScene(folder, SESSION, 10_000);
    for (long key = 1; key <= 20_000; key++) {
      scene.bind(key, "backend" + key % 300 + "@" + key % 7);
    }
    scene.save();
    Map<Long, String> saved = scene.bindings(20_000);
    long ofOne = scene.table.bindings("backend7@0").orElseThrow();
    scene.restart();

    assertThat(scene.restore()).isEqualTo(Restored.of(saved.size(), 0, 0));

    assertThat(saved).hasSizeGreaterThan(9_900);
    assertThat(scene.bindings(20_000)).isEqualTo(saved);
    assertThat(scene.table.size()).isEqualTo(saved.size());
    assertThat(scene.table.bindings("backend7@0")).hasValue(ofOne);
  }

  @Test
  void restoredSessions_canBeUsedAndMovedAndEnded() {
    scene.bind(1, "a");
    scene.bind(2, "a");
    scene.save();
    scene.restart();
    scene.restore();
    scene.pass(T.minusNanos(1));
    assertThat(scene.table.lookup(1)).isEqualTo("a");
    scene.pass(T.minusNanos(1));
    assertThat(scene.table.bind(1, "a", "b", false)).isEqualTo(Bound.stored("b"));
    assertThat(scene.table.bind(2, null, "b", false)).isEqualTo(Bound.stored("b"));
    assertThat(scene.table.unbind(1, "b")).isTrue();
    assertThat(scene.table.size()).isEqualTo(1);
  }

  @Test
  void timeBetween_counts() {
    scene.bind(1, "a");
    scene.pass(T.dividedBy(4));
    scene.bind(2, "b");
    scene.save();
    scene.wall.advance(T.dividedBy(4).multipliedBy(3).plus(T.dividedBy(30)));
    scene.restart();
    assertThat(scene.restore()).isEqualTo(Restored.of(1, 1, 0));
    assertThat(scene.table.peek(1)).isNull();
    assertThat(scene.table.peek(2)).isEqualTo("b");
    scene.pass(T.dividedBy(4));
    assertThat(scene.table.peek(2)).isNull();
  }

  @Test
  void tableThatHasRunForLong_leavesThemTheirTimeToo() {
    scene.bind(1, "a");
    scene.pass(T.dividedBy(2));
    scene.save();
    scene.restart();
    scene.clock.advance(T.multipliedBy(100));
    assertThat(scene.restore()).isEqualTo(Restored.of(1, 0, 0));
    scene.pass(T.dividedBy(2).minusNanos(1));
    assertThat(scene.table.peek(1)).isEqualTo("a");
    scene.pass(T.dividedBy(32).plusNanos(1));
    assertThat(scene.table.peek(1)).isNull();
  }

  @Test
  void wallClockThatWentBack_prolongsNothing() {
    scene.bind(1, "a");
    scene.pass(T.dividedBy(2));
    scene.save();
    scene.wall.advance(Duration.ofDays(-100));
    scene.restart();
    scene.restore();
    scene.pass(T.dividedBy(2).minusNanos(1));
    assertThat(scene.table.peek(1)).isEqualTo("a");
    scene.pass(T.dividedBy(32).plusNanos(1));
    assertThat(scene.table.peek(1)).isNull();
  }

  @Test
  void centuriesBetween_leaveNothing() {
    scene.bind(1, "a");
    scene.save();
    scene.wall.advance(Duration.ofDays(200_000));
    scene.restart();
    assertThat(scene.restore()).isEqualTo(Restored.of(0, 1, 0));
  }

  @Test
  void age_isKept() {
    StickySession session = SESSION.withMode(Mode.ABSOLUTE);
    scene = new SnapshotScene(folder, session, 100);
    scene.bind(1, "a");
    for (int i = 1; i < 32; i++) {
      scene.pass(T.dividedBy(32));
      scene.save();
      scene.restart(session, 100, i);
      scene.restore();
      assertThat(scene.table.lookup(1)).isEqualTo("a");
    }
    scene.pass(T.dividedBy(16).plusNanos(1));
    assertThat(scene.table.lookup(1)).isNull();
  }

  @Test
  void sessionsWhoseUsesWereNotRecorded_countAsUsedWhenTheyWereSaved() {
    scene = new SnapshotScene(folder, SESSION.withMode(Mode.ABSOLUTE), 100);
    scene.bind(1, "a");
    scene.pass(T.minusNanos(1));
    scene.save();
    scene.restart();
    scene.restore();
    scene.pass(T.minusNanos(1));
    assertThat(scene.table.peek(1)).isEqualTo("a");
    scene.pass(T.dividedBy(16).plusNanos(1));
    assertThat(scene.table.peek(1)).isNull();
  }

  @Test
  void sessionsWhoseAgeWasNotRecorded_countAsMadeWhenTheyWereSaved() {
    StickySession absolute = SESSION.withMode(Mode.ABSOLUTE);
    scene.bind(1, "a");
    scene.pass(T.minusNanos(1));
    scene.save();
    scene.restart(absolute, 100, 0);
    scene.restore();
    scene.pass(T.minusNanos(1));
    assertThat(scene.table.peek(1)).isEqualTo("a");
    scene.pass(T.dividedBy(16).plusNanos(1));
    assertThat(scene.table.peek(1)).isNull();
  }

  @Test
  void sessionsWhoseAgeWasNotRecorded_haveElapsedAfterADuration() {
    for (Duration max : new Duration[] {null, Duration.ofDays(365)}) {
      scene.restart(SESSION.withMaxDuration(max), 100, 0);
      scene.bind(1, "a");
      scene.save();
      scene.wall.advance(Duration.ofDays(5));
      scene.restart(SESSION.withMode(Mode.ABSOLUTE), 100, 0);
      assertThat(scene.restore()).isEqualTo(Restored.of(0, 1, 0));
    }
  }

  @Test
  void wallClockThatWentForwardManyTimes_isNoReasonToRefuse() {
    for (int i = 0; i < 10; i++) {
      scene.bind(1, "a");
      scene.save();
      scene.wall.advance(Duration.ofDays(11_000));
      scene.restart();
      assertThat(scene.restore()).isEqualTo(Restored.of(0, 1, 0));
    }
  }

  @Test
  void whatElapsesWhileATableIsSaved_isNotSaved() {
    AtomicLong nanos = new AtomicLong();
    AtomicLong leftReadings = new AtomicLong(Long.MAX_VALUE);
    scene.table = CompactStickyTable.of(SESSION, 10_000, () -> {
      if (leftReadings.getAndDecrement() == 0) {
        nanos.addAndGet(T.multipliedBy(4).toNanos());
      }
      return nanos.get();
    });
    for (long key = 1; key <= 1_000; key++) {
      scene.bind(key, "a");
    }
    leftReadings.set(1); // when a region has been seen, and others have not
    scene.save();
    scene.restart(SESSION, 10_000, 0);
    assertThat(scene.restore()).isEqualTo(Restored.of(0, 0, 0));
  }

  @Test
  void liveBinding_isNotReplaced() {
    scene.bind(1, "old");
    scene.bind(2, "old");
    scene.save();
    scene.restart();
    scene.bind(1, "new");
    assertThat(scene.restore()).isEqualTo(Restored.of(1, 0, 1));
    assertThat(scene.table.peek(1)).isEqualTo("new");
    assertThat(scene.table.peek(2)).isEqualTo("old");
    assertThat(scene.restore()).isEqualTo(Restored.of(0, 0, 2));
    assertThat(scene.table.size()).isEqualTo(2);
  }

  @Test
  void tableOfTheSameBuckets_mayHaveAnotherCapacity() {
    scene = new SnapshotScene(folder, SESSION, 1_010);
    for (long key = 1; key <= 1_000; key++) {
      scene.bind(key, "a");
    }
    long saved = scene.table.size();
    scene.save();
    scene.restart(SESSION, 1_020, 0);
    assertThat(scene.restore().bindings()).isEqualTo(saved);
    scene.restart(SESSION, 1_009, 0);
    Restored restored = scene.restore();
    assertThat(restored.bindings() + restored.leftOut()).isEqualTo(saved);
    assertThat(restored.bindings()).isGreaterThan(saved * 9 / 10);
    assertThat(scene.table.size()).isEqualTo(restored.bindings());
  }

  @Test
  void tableOfOtherBuckets_isRefused() {
    scene.bind(1, "a");
    scene.save();
    scene.restart(SESSION, 1_000, 0);
    assertThat(scene.restore().refusal())
        .isEqualTo("capacity: 1 x 14 buckets (expected: 1 x 126 buckets)");
    assertThat(scene.table.size()).isZero();
  }

  @Test
  void overflow_isRemembered() {
    scene = new SnapshotScene(folder, SESSION, 1);
    scene.bind(1, "a");
    scene.bind(2, "b");
    scene.pass(T.dividedBy(2));
    scene.save();
    scene.restart();
    scene.restore();
    scene.pass(T.dividedBy(2).minusNanos(1));
    assertThat(scene.table.wantsHash(2)).isTrue();
    scene.pass(T.dividedBy(32).plusNanos(1));
    assertThat(scene.table.wantsHash(2)).isFalse();
  }

  @Test
  void overflowWhileATableIsSaved_isRememberedToo() {
    scene = new SnapshotScene(folder, SESSION, 1);
    scene.bind(1, "a");
    scene.bind(2, "b");
    scene.environment = scene.environment.withWallClock(() -> {
      Instant savedAt = scene.wall.instant();
      scene.pass(T.dividedBy(64));
      scene.bind(3, "b");
      return savedAt;
    });
    scene.save();
    scene.restart();
    scene.restore();
    assertThat(scene.table.wantsHash(2)).isTrue();
  }

  @Test
  void regionThatDidNotOverflow_isNotSaidToHave() {
    scene.bind(1, "a");
    scene.save();
    scene.restart();
    scene.restore();
    assertThat(scene.table.wantsHash(2)).isFalse();
  }
}
