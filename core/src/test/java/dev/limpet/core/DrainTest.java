package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.limpet.core.affinity.KeyAffinity;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Drains that are waited for. */
class DrainTest {
  private static final Duration DEADLINE = Duration.ofMinutes(10);

  private final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final Pool pool = pool(Environment.local().withClock(time::get));
  private final Held held = new Held(pool);
  private final List<Duration> pauses = new ArrayList<>();
  private final StickyRouter<String> router = StickyRouter.of(pool, held);

  private static Pool pool(Environment environment) {
    return Pool.builder("pool")
        .backends(List.of(backend("a"), backend("b")))
        .environment(environment)
        .countConnections()
        .build();
  }

  private static Drained.@Nullable Result result(CompletionStage<Drained> stage) {
    Drained drained = stage.toCompletableFuture().getNow(null);
    return (drained == null) ? null : drained.result();
  }

  private Drained.@Nullable Result advanced(CompletionStage<Drained> stage) {
    router.advanceDrains();
    return result(stage);
  }

  @Test
  void isDoneWhenNoSessionAndNoConnectionIsLeft() {
    pool.change(edit -> edit.drain("b"));
    Route route = router.route("x");
    pool.change(edit -> edit.ready("b"));
    held.remaining = Remaining.of(1, Duration.ofMinutes(20));
    CompletionStage<Drained> stage = router.drain("a", DEADLINE);

    assertThat(pool.snapshot().member("a").draining()).isTrue();
    assertThat(advanced(stage)).isNull();
    held.remaining = Remaining.NOTHING;
    assertThat(advanced(stage)).isNull();
    route.close();
    assertThat(advanced(stage)).isEqualTo(Drained.Result.DRAINED);
    assertThat(held.asked).isNotEmpty().allMatch(drainingAlready -> drainingAlready);
  }

  @Test
  void theDeadlinePasses_notANanosecondEarly() {
    held.remaining = Remaining.of(7, Duration.ofMinutes(20));
    CompletionStage<Drained> stage = router.drain("a", DEADLINE);
    time.addAndGet(DEADLINE.toNanos() - 1);
    assertThat(advanced(stage)).isNull();
    time.addAndGet(1);
    assertThat(advanced(stage)).isEqualTo(Drained.Result.DEADLINE_PASSED);
    Drained drained = stage.toCompletableFuture().join();
    assertThat(drained.remaining().bindings()).hasValue(7);
    assertThat(drained.connections()).isZero();
    assertThat(pool.snapshot().member("a").draining()).isTrue();
  }

  /** Whatever the affinity's own environment has. */
  @Test
  void theDeadline_isTimedByTheClockOfThePool() {
    Environment stopped = Environment.local().withClock(() -> 0);
    KeyAffinity<String> affinity =
        KeyAffinity.builder(Routing.TEXT).environment(stopped).build();
    StickyRouter<String> timed = StickyRouter.of(pool, affinity);
    String home = Routing.id(timed.route("x"));
    CompletionStage<Drained> stage = timed.drain(home, DEADLINE);

    time.addAndGet(DEADLINE.toNanos() - 1);
    timed.advanceDrains();
    assertThat(result(stage)).isNull();
    time.addAndGet(1);
    timed.advanceDrains();
    assertThat(result(stage)).isEqualTo(Drained.Result.DEADLINE_PASSED);
  }

  @Test
  void theRestMovesWhenTheEmbedderRemovesTheBackendThen() {
    StickyRouter<String> tables = Routing.router(Routing.pool("a", "b"), Failover.STRICT);
    String home = Routing.id(tables.route("x"));
    CompletionStage<Drained> stage = tables.drain(home, Duration.ZERO);
    stage.thenAccept(drained -> tables.pool().change(edit -> edit.remove(home)));
    assertThat(tables.route("x").outcome()).isEqualTo(Outcome.KEPT);
    tables.advanceDrains();
    assertThat(tables.route("x").outcome()).isEqualTo(Outcome.MOVED);
  }

  @Test
  void aBackendThatIsRemovedMeanwhile() {
    held.remaining = Remaining.of(7, Duration.ofMinutes(20));
    CompletionStage<Drained> removed = router.drain("a", DEADLINE);
    CompletionStage<Drained> replaced = router.drain("b", DEADLINE);
    pool.change(edit -> edit.remove("a").replace(backend("b").withGeneration("2")));
    assertThat(advanced(removed)).isEqualTo(Drained.Result.REMOVED);
    assertThat(advanced(replaced)).isEqualTo(Drained.Result.REMOVED);
  }

  @Test
  void anAffinityThatFails_endsItsDrainAndNoOther() {
    held.failing = "a";
    CompletionStage<Drained> failing = router.drain("a", DEADLINE);
    CompletionStage<Drained> other = router.drain("b", DEADLINE);

    router.advanceDrains();

    assertThat(failing.toCompletableFuture()).isCompletedExceptionally();
    assertThat(result(other)).isEqualTo(Drained.Result.DRAINED);
  }

  @Test
  void aBackendThatLeavesAndComesBackAndIsDrainedAgain_countsItsConnectionsStill() {
    pool.change(edit -> edit.drain("b"));
    CompletionStage<Drained> stage = router.drain("a", DEADLINE);
    pool.change(edit -> edit.remove("a"));
    pool.change(edit -> edit.add(backend("a")));
    Route route = router.route("x");
    pool.change(edit -> edit.drain("a"));

    assertThat(Routing.id(route)).isEqualTo("a");
    assertThat(advanced(stage)).isNull();
    route.close();
    assertThat(advanced(stage)).isEqualTo(Drained.Result.DRAINED);
  }

  @Test
  void aBackendThatIsUndrainedMeanwhile_thoughNothingOfItIsLeft() {
    CompletionStage<Drained> stage = router.drain("a", DEADLINE);
    pool.change(edit -> edit.ready("a"));
    assertThat(advanced(stage)).isEqualTo(Drained.Result.UNDRAINED);
  }

  @Test
  void anExecutorThatForgetsItsTasks_leavesTheDrainToTheEmbedder() {
    CompletionStage<Drained> stage = router.drain("a", DEADLINE, executor(task -> {}));
    assertThat(result(stage)).isNull();
    assertThat(advanced(stage)).isEqualTo(Drained.Result.DRAINED);
  }

  @Test
  void aBackendThatIsUndrainedMeanwhile() {
    held.remaining = Remaining.of(7, Duration.ofMinutes(20));
    CompletionStage<Drained> stage = router.drain("a", DEADLINE);
    pool.change(edit -> edit.ready("a"));
    assertThat(advanced(stage)).isEqualTo(Drained.Result.UNDRAINED);
  }

  @Test
  void completesOnce_andIsNotAskedForAnyMore() {
    List<Drained> heard = new ArrayList<>();
    router.drain("a", DEADLINE).thenAccept(heard::add);
    router.advanceDrains();
    int asked = held.asked.size();
    router.advanceDrains();
    assertThat(heard).hasSize(1);
    assertThat(held.asked).hasSize(asked);
  }

  @Test
  void anAffinityThatKnowsNothing_waitsForTheDeadline() {
    held.remaining = Remaining.UNKNOWN;
    CompletionStage<Drained> stage = router.drain("a", Duration.ofSeconds(Long.MAX_VALUE));
    time.addAndGet(Duration.ofDays(365).toNanos());
    assertThat(advanced(stage)).isNull();
    CompletionStage<Drained> short_ = router.drain("a", Duration.ZERO);
    assertThat(advanced(short_)).isEqualTo(Drained.Result.DEADLINE_PASSED);
  }

  @Test
  void anExecutorLooksAfterIt() {
    Queue<Runnable> tasks = new ArrayDeque<>();
    held.remaining = Remaining.of(1, Duration.ofMinutes(20));
    CompletionStage<Drained> stage = router.drain("a", DEADLINE, executor(tasks::add));

    tasks.remove().run();
    assertThat(result(stage)).isNull();
    assertThat(pauses).containsOnly(Duration.ofSeconds(1));
    held.remaining = Remaining.NOTHING;
    tasks.remove().run();
    assertThat(result(stage)).isEqualTo(Drained.Result.DRAINED);
    assertThat(tasks).isEmpty();
  }

  @Test
  void aShortDeadline_isLookedAtMoreOften() {
    router.drain("a", Duration.ofMillis(640), executor(task -> {}));
    router.drain("a", Duration.ZERO, executor(task -> {}));
    assertThat(pauses).containsExactly(Duration.ofMillis(10), Duration.ofMillis(1));
  }

  @Test
  void anExecutorThatRejectsItEndsTheWait() {
    CompletableFuture<Drained> stage = router
        .drain("a", DEADLINE, executor(task -> {
          throw new RejectedExecutionException("shut down");
        }))
        .toCompletableFuture();
    assertThat(stage).isCompletedExceptionally();
  }

  @Test
  void badArgumentsAreRefused_andDrainNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> router.drain("c", DEADLINE))
        .withMessage("backend: c (expected: one of [a, b])");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> router.drain("a", Duration.ofNanos(-1)))
        .withMessage("deadline: PT-0.000000001S (expected: PT0S or more)");
    assertThatNullPointerException()
        .isThrownBy(() -> router.drain("a", DEADLINE, null))
        .withMessage("executor");
    assertThatNullPointerException()
        .isThrownBy(() -> router.drain("a", null))
        .withMessage("deadline");
    assertThat(pool.snapshot().members()).noneMatch(Member::draining);
  }

  /** An executor of which only {@code schedule} works. */
  private ScheduledExecutorService executor(Consumer<Runnable> schedule) {
    return (ScheduledExecutorService) Proxy.newProxyInstance(
        DrainTest.class.getClassLoader(),
        new Class<?>[] {ScheduledExecutorService.class},
        (proxy, method, arguments) -> {
          pauses.add(Duration.of((long) arguments[1], ((TimeUnit) arguments[2]).toChronoUnit()));
          schedule.accept((Runnable) arguments[0]);
          return null;
        });
  }

  /** Says what is left as it is told. */
  private static final class Held extends ForwardingAffinity<String> {
    private final Pool pool;
    private final List<Boolean> asked = new ArrayList<>();
    private Remaining remaining = Remaining.NOTHING;
    private @Nullable String failing;

    Held(Pool pool) {
      super(Affinity.none());
      this.pool = pool;
    }

    @Override
    public Remaining remaining(String name) {
      if (name.equals(failing)) {
        throw new IllegalStateException(name);
      }
      Member member = pool.snapshot().member(name);
      asked.add(member == null || member.draining());
      return remaining;
    }
  }
}
