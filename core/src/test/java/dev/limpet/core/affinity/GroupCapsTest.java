package dev.limpet.core.affinity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.limpet.core.ForwardingTable;
import dev.limpet.core.Pause;
import dev.limpet.core.Rewritten;
import dev.limpet.core.Routing;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.Threads;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.core.table.StickyTableRaceContract.ManualClock;
import dev.limpet.core.table.TableScene;
import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class GroupCapsTest {
  private static final StickySession SESSION = StickySession.custom();
  private static final int THREADS = 64;

  @Test
  void groupsWithoutALiveBinding_areDropped() {
    ManualClock clock = new ManualClock(0);
    CompactStickyTable table = CompactStickyTable.of(SESSION, 100_000, clock);
    GroupCaps groups = groups(table, 10);
    Duration step = SESSION.duration().dividedBy(1_000);
    for (long key = 1; key <= 20_000; key++) {
      clock.advance(step);
      groups.admits(key, key, clock.nanos());
      groups.bind(key, "a", true, clock.nanos());
      assertThat(groups.size()).isPositive().isLessThan(1_500);
    }
  }

  @Test
  void floodOfAGroupAtItsCap_isRefusedWithoutSearchingTheTable() {
    AtomicInteger peeks = new AtomicInteger();
    StickyTable table = new ForwardingTable(Routing.table(100)) {
      @Override
      public @Nullable String peek(long key) {
        peeks.getAndIncrement();
        return super.peek(key);
      }
    };
    GroupCaps groups = groups(table, 50);
    for (long key = 1; key <= 50; key++) {
      groups.admits(7, key, 0);
      groups.bind(key, "a", true, 0);
    }
    peeks.set(0);
    long rest = SESSION.duration().toNanos() / 64;
    for (long key = 51; key <= 1_050; key++) {
      assertThat(groups.admits(7, key, rest + key)).isFalse();
    }
    assertThat(peeks).hasValueLessThanOrEqualTo(1_000 + 50);
  }

  @Test
  void sessionThatIsGivenUp_makesRoomAtOnce() {
    GroupCaps groups = groups(Routing.table(100), 1);
    long now = SESSION.duration().toNanos();
    assertThat(groups.admits(7, 1, now)).isTrue();
    assertThat(groups.admits(7, 2, now)).isFalse();

    groups.end(1);

    assertThat(groups.admits(7, 2, now)).isTrue();
  }

  @Test
  void tableThatThrows_admitsNobodyBeyondTheCap() {
    AtomicBoolean broken = new AtomicBoolean();
    StickyTable table = new ForwardingTable(Routing.table(100)) {
      @Override
      public @Nullable String peek(long key) {
        if (key == 1 && broken.get()) {
          throw new IllegalStateException("broken");
        }
        return super.peek(key);
      }
    };
    GroupCaps groups = groups(table, 2);
    groups.admits(7, 1, 0);
    groups.bind(1, "a", true, 0);
    groups.end(1);
    broken.set(true);
    for (long key = 2; key <= 50; key++) {
      long next = key;
      assertThatIllegalStateException().isThrownBy(() -> groups.admits(7, next, 0));
    }
    broken.set(false);
    long bound = LongStream.rangeClosed(2, 50)
        .filter(key -> groups.admits(7, key, 0))
        .peek(key -> groups.bind(key, "a", true, 0))
        .count();
    assertThat(bound).isEqualTo(1);
  }

  @Tag("long")
  @Test
  void threadsAtOnce_takeEveryPlaceOfAGroupAndNoMore() throws Exception {
    TableScene.needs(
        TogetherScene.class,
        Rewritten.nothing(),
        Rewritten.nothing()
            .replacing(GroupCaps.class, "keys.add(key);", "")
            .replacing(
                GroupCaps.class,
                "Bound bound = table.bind(",
                "keys.add(key); Bound bound = table.bind("));
  }

  @Test
  void pruning_dropsNoSessionThatIsAboutToBeBound() throws Exception {
    TableScene.needs(
        PrunedScene.class,
        Rewritten.nothing(),
        GroupCaps.class,
        "return isPending(key, now) || table.peek(key) != null;",
        "return table.peek(key) != null;");
  }

  @Tag("long")
  @Test
  void whoFindsAGroupThatRetires_asksAnother() throws Exception {
    String find = "Group group = groups.computeIfAbsent(number, n -> new Group());";
    TableScene.needs(
        RetiredScene.class,
        Rewritten.nothing()
            .replacing(GroupCaps.class, find, find + " dev.limpet.core.Pause.here(\"found\");"),
        GroupCaps.class,
        "retired = keys.size() == 0 && !wantsHash(now);\n      return retired;",
        "return keys.size() == 0 && !wantsHash(now);");
  }

  @Tag("long")
  @Test
  void racingSessions_neverExceedTheCap() throws Exception {
    CompactStickyTable table = CompactStickyTable.of(SESSION, 100_000, new ManualClock(0));
    GroupCaps groups = groups(table, 50);
    AtomicInteger time = new AtomicInteger();
    Threads.together(THREADS, thread -> {
      for (long i = 1; i <= 500; i++) {
        long key = thread * 1_000L + i;
        long now = time.incrementAndGet() * SESSION.duration().toNanos() / 1_000;
        if (groups.admits(7, key, now)) {
          groups.bind(key, "a", true, now);
        }
        if (i % 3 == 0) {
          table.unbind(key, "a");
        }
        assertThat(table.bindings("a").orElseThrow()).isLessThanOrEqualTo(50);
      }
    });
    assertThat(table.bindings("a")).hasValue(50);
  }

  private static GroupCaps groups(StickyTable table, int cap) {
    return new GroupCaps(table, cap, SESSION.duration().toNanos(), new NewSessionRate(0, 1));
  }

  /** All threads are admitted or not before one of them binds. */
  static final class TogetherScene extends TableScene {
    @Override
    public Boolean call() throws Exception {
      int cap = 10;
      table = table(1_000);
      GroupCaps groups = groups(table, cap);
      CyclicBarrier admitted = new CyclicBarrier(THREADS);
      Threads.together(THREADS, thread -> {
        boolean admits = groups.admits(7, thread + 1, 0);
        admitted.await();
        if (admits) {
          groups.bind(thread + 1, "a", true, 0);
        }
      });
      return LongStream.rangeClosed(1, THREADS)
              .filter(key -> table.peek(key) != null)
              .count()
          == cap;
    }
  }

  /** A group is pruned between the admission and the bind of a session. */
  static final class PrunedScene extends TableScene {
    @Override
    public Boolean call() {
      long rest = SESSION.duration().toNanos() / 64;
      GroupCaps groups = groups(table, 1);
      groups.admits(7, 1, rest);
      boolean other = groups.admits(7, 2, rest + rest / 2);
      groups.bind(1, "a", true, rest + rest / 2);
      return !other && "a".equals(table.peek(1)) && !groups.admits(7, 3, 2 * rest);
    }
  }

  /** A group is removed while a session is about to be admitted to it. */
  static final class RetiredScene extends TableScene {
    @Override
    public Boolean call() {
      long rest = SESSION.duration().toNanos() / 64;
      GroupCaps groups = groups(table, 1);
      Pause.at("found", () -> groups.admits(8, 2, rest));
      groups.admits(7, 1, rest);
      groups.bind(1, "a", true, rest);
      return "a".equals(table.peek(1)) && !groups.admits(7, 3, rest);
    }
  }
}
