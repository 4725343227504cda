package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Affinity;
import dev.limpet.core.Backend;
import dev.limpet.core.Drained.Result;
import dev.limpet.core.Environment;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Recall;
import dev.limpet.core.Remaining;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.affinity.ForwardingAffinity;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.examples.gateway.operate.Draining;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DrainWatchTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicLong nanos = new AtomicLong();
  private final List<String> said = new ArrayList<>();
  private final DrainWatch watch = new DrainWatch(said::add, this::now);
  private final Environment environment =
      Environment.local().withClock(nanos::get).withWallClock(this::now);
  private final Pool pool = Pool.builder("web")
      .environment(environment)
      .backends(List.of(Backend.of("a", "h", 1), Backend.of("b", "h", 2)))
      .build();
  private final StickyRouter<String> router = router();

  private Instant now() {
    return START.plusNanos(nanos.get());
  }

  private StickyRouter<String> router() {
    var affinity = KeyAffinity.<String>builder((request, hasher) -> hasher.string(request))
        .session(StickySession.custom())
        .environment(environment)
        .build();
    return StickyRouter.<String>builder(pool, affinity).build();
  }

  @BeforeEach
  void begin() {
    watch.add(router);
    for (int i = 0; i < 10; i++) {
      router.route("session " + i).close();
    }
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    watch.advance();
  }

  private Draining only() {
    assertThat(watch.drains()).hasSize(1);
    return watch.drains().get(0);
  }

  @Test
  void aDrainCountsWhatIsLeftAndEnds() {
    watch.drain("web", "a");
    assertThat(only().sessions()).isEqualTo(5);
    assertThat(only().begun()).isEqualTo(START);
    assertThat(only().longest()).isAfter(START);
    assertThat(only().result()).isNull();

    pass(Duration.ofMinutes(30));
    assertThat(only().result()).isEqualTo(Result.DRAINED);
    assertThat(only().sessions()).isZero();
    assertThat(said).containsExactly("backend web/a is drained");
  }

  @Test
  void aDeadlineIsSaidOnceAndTheDrainGoesOn() {
    watch.drain("web", "a");
    watch.deadline("web", "a", Duration.ofMinutes(10));
    assertThat(only().deadline()).isEqualTo(START.plusSeconds(600));
    pass(Duration.ofMinutes(10));
    pass(Duration.ofMinutes(1));

    assertThat(said)
        .containsExactly("backend web/a still has 5 sessions and 0 connections at its deadline");
    assertThat(only().result()).isEqualTo(Result.DEADLINE_PASSED);
    assertThat(pool.snapshot().member("a").draining()).isTrue();

    pass(Duration.ofMinutes(30));
    assertThat(only().result()).isEqualTo(Result.DRAINED);
    assertThat(said).hasSize(2);
  }

  @Test
  void aDeadlineThatIsReplacedOrRemovedIsReturned() {
    watch.drain("web", "a");

    assertThat(watch.deadline("web", "a", Duration.ofMinutes(10))).isFalse();
    assertThat(watch.deadline("web", "a", Duration.ofMinutes(5))).isTrue();
    assertThat(watch.deadline("web", "a", null)).isTrue();
    assertThat(watch.deadline("web", "a", null)).isFalse();
    assertThat(watch.deadline("web", "b", null)).isFalse();
  }

  @Test
  void anUndoShowsAtOnce() {
    watch.drain("web", "a");
    pool.change(edit -> edit.ready("a"));
    assertThat(only().result()).isEqualTo(Result.UNDRAINED);
    watch.advance();
    assertThat(only().result()).isEqualTo(Result.UNDRAINED);

    watch.drain("web", "a");
    assertThat(only().result()).isNull();
    assertThat(said).isEmpty();
  }

  @Test
  void aRemovedBackendIsRemoved() {
    watch.drain("web", "a");
    pool.change(edit -> edit.remove("a"));
    watch.advance();

    assertThat(only().result()).isEqualTo(Result.REMOVED);
    watch.deadline("web", "a", Duration.ofMinutes(10));
    assertThat(only().deadline()).isNull();
  }

  @Test
  void anotherRouterIsWatchedInsteadOfTheOldOne() {
    watch.drain("web", "a");
    StickyRouter<String> next = router();
    watch.replace(List.of(router), List.of(next));
    pass(Duration.ofSeconds(2));

    assertThat(only().result()).isEqualTo(Result.DRAINED);
    assertThat(only().begun()).isEqualTo(START);
  }

  @Test
  void aRouterThatDidNotChange_isNotDrainedAgain() {
    AtomicLong counts = new AtomicLong();
    StickyRouter<String> other = StickyRouter.of(pool, new Counted(router.affinity(), counts));
    watch.add(other);
    watch.drain("web", "a");
    StickyRouter<String> last = router;
    for (int i = 0; i < 5; i++) {
      StickyRouter<String> next = router();
      watch.replace(List.of(last), List.of(next));
      last = next;
    }

    watch.advance();

    assertThat(counts).hasValue(1);
    assertThat(only().result()).isNull();
    pass(Duration.ofMinutes(30));
    assertThat(only().result()).isEqualTo(Result.DRAINED);
  }

  /** Counts how often a drain asks for the sessions that are left. */
  private static final class Counted extends ForwardingAffinity<String> {
    private final Affinity<? super String> to;
    private final AtomicLong counts;

    Counted(Affinity<? super String> to, AtomicLong counts) {
      super(to);
      this.to = to;
      this.counts = counts;
    }

    @Override
    public Remaining remaining(String name) {
      counts.incrementAndGet();
      return to.remaining(name);
    }

    @Override
    public Recall recall(String request, PoolSnapshot now) {
      return to.recall(request, now);
    }

    @Override
    public Recall peek(String request, PoolSnapshot now) {
      return to.peek(request, now);
    }

    @Override
    public long key(String request) {
      return to.key(request);
    }

    @Override
    public boolean admits(String request, long key) {
      return to.admits(request, key);
    }
  }

  @Test
  void countsAreCachedForASecond() {
    watch.drain("web", "a");
    assertThat(only().sessions()).isEqualTo(5);
    nanos.addAndGet(Duration.ofMinutes(30).toNanos());
    assertThat(only().sessions()).isZero();
  }

  @Test
  void whatIsNotDrainedHasNoDeadline() {
    watch.deadline("web", "b", Duration.ofMinutes(1));
    watch.drain("app", "a");

    assertThat(watch.drains()).isEmpty();
  }
}
