package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Routing;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.Threads;
import dev.limpet.core.affinity.KeyAffinity;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Faults at full size, for both tables. */
class FullSizeSoak {
  private static final int CAPACITY = 1_000_000;

  private final AtomicLong clock = new AtomicLong();
  private final Pool pool =
      Pool.of("web", Routing.backend("a", 5), Routing.backend("b"), Routing.backend("c"));

  @ParameterizedTest
  @EnumSource
  void flood_movesNoLiveSessionAndHardlySlowsIt(TableKind kind) throws InterruptedException {
    int live = 100_000;
    long strangers = 10_000_000;
    StickyRouter<Long> router = router(kind);
    String[] homes = new String[live];
    for (int i = 0; i < live; i++) {
      homes[i] = Routing.id(router.route(1L + i));
    }

    double quiet = beside(router, homes, SplittableRandom::nextLong);
    AtomicLong next = new AtomicLong(live);
    double flooded = beside(router, homes, random -> {
      clock.addAndGet(50_000);
      router.route(next.incrementAndGet());
      return 0;
    });
    while (next.get() < live + strangers) {
      router.route(next.incrementAndGet());
    }

    System.out.printf("%s: %.0f/s, in a flood %.0f/s, %s%n", kind, quiet, flooded, router.stats());
    assertThat(router.stats().count(Outcome.MOVED)).isZero();
    assertThat(router.stats().count(Outcome.NEW)).isLessThanOrEqualTo(CAPACITY);
    assertThat(router.stats().count(Outcome.HASHED)).isPositive();
    assertKept(router, homes);
    assertThat(flooded).isGreaterThan(quiet / 2);
  }

  @ParameterizedTest
  @EnumSource
  void halfFullOfActiveSessions_losesNoBindingWhereACacheDoes(TableKind kind) {
    StickyRouter<Long> router = router(kind);
    Cache<Long, Boolean> cache =
        Caffeine.newBuilder().maximumSize(CAPACITY).executor(Runnable::run).build();
    SplittableRandom random = new SplittableRandom(1);
    long[] active = new long[CAPACITY / 2];
    String[] homes = new String[active.length];
    int[] requests = new int[active.length];
    long sessions = 0;
    long forgotten = 0;
    for (int request = 0; request < 20 * CAPACITY; request++) {
      clock.addAndGet(Duration.ofMinutes(20).toNanos() / (20L * active.length));
      int index = random.nextInt(active.length);
      boolean begins = requests[index] % 20 == 0;
      active[index] = begins ? ++sessions : active[index];
      String backend = Routing.id(router.route(active[index]));
      boolean cached = cache.asMap().put(active[index], true) != null;
      if (!begins) {
        assertThat(backend).isEqualTo(homes[index]);
        forgotten += cached ? 0 : 1;
      }
      homes[index] = backend;
      requests[index]++;
    }

    System.out.printf(
        "%s: %s, forgotten by a cache of that size %,d%n", kind, router.stats(), forgotten);
    assertThat(router.stats().count(Outcome.MOVED)).isZero();
    assertThat(forgotten).isGreaterThan(CAPACITY / 10);
  }

  @ParameterizedTest
  @EnumSource
  void racingFirstRequests_agree(TableKind kind) throws InterruptedException {
    int threads = 64;
    int rounds = 10_000;
    StickyRouter<Long> router = router(kind);
    AtomicIntegerArray served = new AtomicIntegerArray(3 * rounds);
    CyclicBarrier barrier = new CyclicBarrier(threads);

    Threads.together(threads, thread -> {
      for (int round = 0; round < rounds; round++) {
        barrier.await();
        String id = Routing.id(router.route(1L + round));
        served.incrementAndGet(3 * round + id.charAt(0) - 'a');
      }
    });

    assertThat(router.stats().count(Outcome.NEW)).isEqualTo(rounds);
    assertThat(router.stats().count(Outcome.KEPT)).isEqualTo((threads - 1L) * rounds);
    for (int i = 0; i < served.length(); i++) {
      assertThat(served.get(i)).isIn(0, threads);
    }
  }

  private StickyRouter<Long> router(TableKind kind) {
    StickySession session = StickySession.custom();
    return StickyRouter.of(
        pool,
        KeyAffinity.<Long>builder(KeyExtractor.number(Long::longValue))
            .environment(Routing.ENVIRONMENT)
            .session(session)
            .table((declared, environment) -> kind.of(declared, CAPACITY, clock::get))
            .build());
  }

  /**
   * {@return how many requests of live sessions a thread routes in a second beside another that
   * does this}
   */
  private static double beside(StickyRouter<Long> router, String[] homes, Stranger stranger)
      throws InterruptedException {
    long began = System.nanoTime();
    long end = began + Duration.ofSeconds(10).toNanos();
    AtomicBoolean over = new AtomicBoolean();
    AtomicLong routed = new AtomicLong();
    Threads.together(2, thread -> {
      SplittableRandom random = new SplittableRandom(thread);
      long calls = 0;
      while (!over.get()) {
        if (thread == 1) {
          stranger.call(random);
        } else {
          int i = random.nextInt(homes.length);
          assertThat(Routing.id(router.route(1L + i)).equals(homes[i])).isTrue();
          calls++;
          over.set(System.nanoTime() - end > 0);
        }
      }
      routed.addAndGet(calls);
    });
    return routed.get() / ((System.nanoTime() - began) / 1e9);
  }

  private static void assertKept(StickyRouter<Long> router, String[] homes) {
    for (int i = 0; i < homes.length; i++) {
      assertThat(router.route(1L + i)).hasToString("KEPT " + homes[i]);
    }
  }

  @FunctionalInterface
  private interface Stranger {
    long call(SplittableRandom random);
  }
}
