package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.connections;
import static dev.limpet.core.Routing.counting;
import static dev.limpet.core.Routing.id;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Routes that are closed by several threads at once, or while they are rerouted. */
class CloseRaceTest {
  private static final int THREADS = 4;
  private static final int ROUNDS = 10_000;

  private final Pool pool = counting(backend("a"), backend("b"));
  private final StickyRouter<String> router = Routing.router(pool);
  private final AtomicReference<Route> shared = new AtomicReference<>();
  private final AtomicReference<Route> rerouted = new AtomicReference<>();
  private final CyclicBarrier barrier = new CyclicBarrier(THREADS);

  @Test
  @Timeout(60)
  void manyThreadsThatCloseOneRoute_giveBackOneConnection() throws InterruptedException {
    Route other = router.route("x");
    String home = id(other);

    Threads.together(THREADS, thread -> {
      for (int round = 0; round < ROUNDS; round++) {
        if (thread == 0) {
          shared.set(router.route("x"));
        }
        barrier.await();
        shared.get().close();
        barrier.await();
        assertThat(connections(pool, home)).isEqualTo(1);
        barrier.await();
      }
    });

    other.close();
    assertThat(connections(pool, home)).isZero();
    assertThat(router.stats().abandonedRoutes()).isZero();
  }

  @Test
  @Timeout(60)
  void aRouteThatIsClosedWhileItIsRerouted_isGivenBackOnce() throws InterruptedException {
    Threads.together(THREADS, thread -> {
      for (int round = 0; round < ROUNDS; round++) {
        String session = "session-" + round;
        if (thread == 0) {
          shared.set(router.route(session));
        }
        barrier.await();
        if (thread == 0) {
          rerouted.set(router.reroute(session, shared.get()));
        } else {
          shared.get().close();
        }
        barrier.await();
        assertThat(connections(pool, id(shared.get()))).isZero();
        assertThat(connections(pool, id(rerouted.get()))).isEqualTo(1);
        barrier.await();
        if (thread == 0) {
          rerouted.get().close();
        }
      }
    });

    assertThat(pool.heldRoutes().size()).isZero();
    assertThat(connections(pool, "a") + connections(pool, "b")).isZero();
    assertThat(router.stats().abandonedRoutes()).isZero();
  }
}
