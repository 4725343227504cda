package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.Routing;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.affinity.KeyAffinity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ten million addresses that come once, over a table of a million places, in half a gigabyte. */
class FloodTest {
  private static final int FLOOD = 10_000_000;
  private static final int LIVE = 100_000;
  private static final int CAPACITY = 1_000_000;
  private static final int THREADS = 2;

  @Tag("slow")
  @ParameterizedTest
  @EnumSource
  void flood_movesNoLiveSessionAndStaysInItsMemory(TableKind kind) throws Exception {
    Process child = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:+ExitOnOutOfMemoryError",
            "-cp",
            System.getProperty("java.class.path"),
            Flood.class.getName(),
            kind.name())
        .redirectErrorStream(true)
        .start();
    try {
      assertThat(child.waitFor(5, TimeUnit.MINUTES)).isTrue();
      assertThat(child.exitValue()).as(output(child)).isZero();
    } finally {
      child.destroyForcibly();
    }
  }

  private static String output(Process child) throws IOException {
    return new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Runs in a process of its own. */
  static final class Flood {
    private final AtomicLong clock = new AtomicLong();
    private final StickyRouter<Long> router;
    private final Backend[] homes = new Backend[LIVE];

    Flood(TableKind kind) {
      router = StickyRouter.of(
          Pool.of("web", backend("a").withWeight(5), backend("b"), backend("c")),
          KeyAffinity.<Long>builder(KeyExtractor.number(Long::longValue))
              // by this secret no two of the keys are taken for one another
              .environment(Routing.ENVIRONMENT)
              .session(StickySession.custom().withDuration(Duration.ofMinutes(20)))
              .table((declared, environment) -> kind.of(declared, CAPACITY, clock::get))
              .build());
    }

    public static void main(String[] args) throws Exception {
      long began = System.nanoTime();
      Flood flood = new Flood(TableKind.valueOf(args[0]));
      flood.run();
      System.out.println(flood.router.stats() + ", "
          + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began) + " ms");
    }

    private void run() throws InterruptedException {
      for (int i = 0; i < LIVE; i++) {
        homes[i] = router.route((long) i).backend();
      }
      Thread[] threads = new Thread[THREADS];
      for (int i = 0; i < THREADS; i++) {
        int first = LIVE + i;
        threads[i] = new Thread(() -> flood(first));
        threads[i].setUncaughtExceptionHandler((thread, thrown) -> {
          thrown.printStackTrace(System.out);
          Runtime.getRuntime().halt(1);
        });
        threads[i].start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      long stored = router.stats().count(Outcome.NEW);
      long hashed = router.stats().count(Outcome.HASHED);
      check(stored > CAPACITY * 0.99 && stored <= CAPACITY, stored + " places are taken");
      check(hashed == LIVE + (long) FLOOD - stored, "the rest is hashed");
      check(router.stats().count(Outcome.MOVED) == 0, "nobody moved");
    }

    private void flood(int first) {
      for (int i = first; i < LIVE + FLOOD; i += THREADS) {
        clock.addAndGet(TimeUnit.MICROSECONDS.toNanos(50));
        router.route((long) i);
        if (i / THREADS % 4 == 0) {
          int live = i / THREADS / 4 % LIVE;
          Route route = router.route((long) live);
          check(route.outcome() == Outcome.KEPT, "session " + live + " is " + route);
          check(route.backend().equals(homes[live]), "session " + live + " is on " + route);
        }
      }
    }

    private static Backend backend(String id) {
      return Backend.of(id, "host", 80);
    }

    private static void check(boolean holds, String claim) {
      if (!holds) {
        throw new AssertionError(claim);
      }
    }
  }
}
