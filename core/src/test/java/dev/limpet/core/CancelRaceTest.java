package dev.limpet.core;

import static dev.limpet.core.Routing.affinity;
import static dev.limpet.core.Routing.counting;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.limited;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Callers that cancel their wait for a route at any moment, while another thread answers. */
class CancelRaceTest {
  private static final int CALLERS = 4;
  private static final int WAITS = 20_000;
  private static final int LIMIT = 2;
  private static final int MOST_SPINS = 400;

  private final LateTable table = new LateTable(Routing.table(2 * WAITS));
  private final Pool pool = counting(limited("a", LIMIT), limited("b", LIMIT), limited("c", LIMIT));
  private final StickyRouter<String> router = StickyRouter.of(pool, affinity(table));
  private final Map<String, AtomicInteger> held =
      Map.of("a", new AtomicInteger(), "b", new AtomicInteger(), "c", new AtomicInteger());
  private final AtomicInteger callers = new AtomicInteger(CALLERS);
  private final AtomicInteger cancelled = new AtomicInteger();
  private final AtomicInteger arrived = new AtomicInteger();
  private final AtomicInteger tooMany = new AtomicInteger();

  @Test
  @Timeout(120)
  void aCancelledWait_holdsNothing_andNoLimitIsExceeded() throws InterruptedException {
    Threads.together(CALLERS + 1, thread -> {
      if (thread == CALLERS) {
        answer();
      } else {
        try {
          call(new SplittableRandom(thread));
        } finally {
          callers.decrementAndGet();
        }
      }
    });

    assertThat(cancelled.get()).as("cancelled").isPositive();
    assertThat(arrived.get()).as("arrived").isPositive();
    assertThat(tooMany).hasValue(0);
    assertThat(pool.heldRoutes().size()).isZero();
    assertThat(pool.snapshot().members()).allMatch(member -> member.load().connections() == 0);
    assertThat(router.stats().abandonedRoutes()).isZero();
  }

  private void answer() {
    while (callers.get() > 0) {
      table.answer();
      Thread.onSpinWait();
    }
  }

  private void call(SplittableRandom random) {
    for (int wait = 0; wait < WAITS / CALLERS; wait++) {
      String session = "session-" + random.nextInt(WAITS);
      Route route = awaited(router.routeAsync(session), random);
      if (route != null && route.backend() != null && random.nextBoolean()) {
        release(route);
        route = awaited(router.rerouteAsync(session, route), random);
      }
      if (route != null) {
        release(route);
        route.close();
      }
    }
  }

  /** {@return the route, which counts as held; null if the wait was cancelled} */
  private Route awaited(CompletionStage<Route> stage, SplittableRandom random) {
    CompletableFuture<Route> waiting = stage.toCompletableFuture();
    for (int spins = random.nextInt(MOST_SPINS); spins > 0; spins--) {
      Thread.onSpinWait();
    }
    if (random.nextBoolean() && waiting.cancel(false)) {
      cancelled.incrementAndGet();
      return null;
    }
    Route route = waiting.join();
    arrived.incrementAndGet();
    if (route.backend() != null && held.get(id(route)).incrementAndGet() > LIMIT) {
      tooMany.incrementAndGet();
    }
    return route;
  }

  /** Before the connection is given back. */
  private void release(Route route) {
    if (route.backend() != null) {
      held.get(id(route)).decrementAndGet();
    }
  }
}
