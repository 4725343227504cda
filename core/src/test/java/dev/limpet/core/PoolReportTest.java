package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.shares;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Health of backends that may have left since they were checked. */
class PoolReportTest {
  private final Pool pool = pool("a", "b");
  private final Backend a = backend("a");

  @Test
  void aMember_isMarked_andADrainStays() {
    pool.change(edit -> edit.drain("a"));

    assertThat(pool.report(a, false)).isTrue();
    assertThat(pool).hasToString("pool [a DOWN, b UP]");
    assertThat(pool.report(a, true)).isTrue();
    assertThat(pool).hasToString("pool [a DRAINING, b UP]");
  }

  @Test
  void theHealthThatAMemberHas_publishesNothing() {
    PoolSnapshot before = pool.snapshot();

    assertThat(pool.report(a, true)).isTrue();

    assertThat(pool.snapshot()).isSameAs(before);
  }

  static List<Consumer<PoolEdit>> replacements() {
    return List.of(
        edit -> edit.remove("a"),
        edit -> edit.replace(backend("a").withGeneration("2")),
        edit -> edit.replace(backend("a").withAddress("10.0.0.1", 8081)),
        edit -> edit.replace(backend("a").withAddress("10.0.0.2", 8080)),
        edit -> edit.follow(List.of(backend("b"))));
  }

  @ParameterizedTest
  @MethodSource("replacements")
  void aBackendThatLeftOrWasReplaced_changesNothing(Consumer<PoolEdit> replacement) {
    PoolSnapshot before = pool.change(replacement);

    assertThat(pool.report(a, false)).isFalse();
    assertThat(pool.report(a, true)).isFalse();

    assertThat(pool.snapshot()).isSameAs(before);
  }

  @Test
  void anotherIncarnation_isNotTheMember() {
    pool.change(edit -> edit.replace(a.withGeneration("2")));

    assertThat(pool.report(a.withGeneration("1"), false)).isFalse();
    assertThat(pool.report(a.withGeneration("2"), false)).isTrue();
    assertThat(pool).hasToString("pool [a@2 DOWN, b UP]");
  }

  @Test
  void whatElseChanged_makesNoOtherBackend() {
    pool.change(edit -> edit.replace(a.withWeight(7).withScheme("https").withAttachment("x")));

    assertThat(pool.report(a, false)).isTrue();
    assertThat(pool.snapshot().member("a").backend().attachment()).isEqualTo("x");
    assertThat(pool.snapshot().member("a").backend().weight()).isEqualTo(7);
    assertThat(pool).hasToString("pool [a DOWN, b UP]");
  }

  @Test
  void aBackendThatThePoolNeverHad_changesNothing() {
    assertThat(pool.report(backend("stranger"), false)).isFalse();
    assertThatNullPointerException().isThrownBy(() -> pool.report(null, true));
  }

  @Test
  void aReportThatABackendIsUp_startsItSlowly() {
    AtomicLong time = new AtomicLong();
    Pool slow = Pool.builder("pool")
        .backends(List.of(a, backend("b")))
        .slowStart(Duration.ofSeconds(100))
        .environment(Environment.local().withClock(time::get))
        .build();
    slow.report(a, false);
    time.addAndGet(1_000_000_000_000L);

    slow.report(a, true);

    assertThat(shares(slow, 110)).isEqualTo(Map.of("a", 10, "b", 100));
  }

  @ParameterizedTest
  @MethodSource("replacements")
  void aReportDuringAnEdit_isDecidedAfterIt(Consumer<PoolEdit> replacement) throws Exception {
    FutureTask<Boolean> report = new FutureTask<>(() -> pool.report(a, false));
    Thread reporter = new Thread(report);

    PoolSnapshot now = pool.change(edit -> {
      replacement.accept(edit);
      reporter.start();
      awaitWaiting(reporter);
    });

    assertThat(report.get()).isFalse();
    assertThat(pool.snapshot()).isSameAs(now);
  }

  @Test
  void reportsDuringManyChanges_markOnlyWhatWasReported() throws InterruptedException {
    Set<String> reported = ConcurrentHashMap.newKeySet();
    AtomicBoolean done = new AtomicBoolean();

    Threads.together(4, thread -> {
      if (thread > 0) {
        while (!done.get()) {
          reportA(reported);
        }
        return;
      }
      try {
        for (int i = 0; i < 2_000; i++) {
          pool.follow(List.of(backend("b")));
          pool.follow(List.of(a.withGeneration("g" + i), backend("b")));
          Member member = pool.snapshot().member("a@g" + i);
          assertThat(!member.down() || reported.contains(member.name())).isTrue();
        }
      } finally {
        done.set(true);
      }
    });
  }

  private void reportA(Set<String> reported) {
    for (Member member : pool.snapshot().members()) {
      if (member.backend().id().equals("a")) {
        reported.add(member.name());
        pool.report(member.backend(), false);
      }
    }
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }
}
