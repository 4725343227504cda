package dev.limpet.core;

import static dev.limpet.core.OpenSessions.ALICE;
import static dev.limpet.core.OpenSessions.LONG;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.table.TableKind;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Routes that are closed, keep a session or let it go, by several threads at once. */
class OpenSessionRaceTest {
  private static final int THREADS = 4;
  private static final int ROUNDS = 20_000;

  private final OpenSessions scene = new OpenSessions(TableKind.COMPACT);
  private final AtomicReference<Route> shared = new AtomicReference<>();
  private final CyclicBarrier barrier = new CyclicBarrier(THREADS);

  @Test
  @Timeout(60)
  void aRouteThatIsClosedWhileItBeginsToKeep_isForgotten() throws InterruptedException {
    race((thread, round) -> {
      if (thread < 2) {
        shared.get().close();
      } else {
        shared.get().keep(scene.table, key("session-" + thread + round % 7));
      }
    });
  }

  @Test
  @Timeout(60)
  void aRouteThatKeepsSeveralSessionsAtOnce_isForgottenWhenItIsClosed()
      throws InterruptedException {
    race((thread, round) -> shared.get().keep(scene.table, key("session-" + thread + round % 7)));
  }

  @Test
  @Timeout(60)
  void aRouteThatIsClosedWhileItLetsGo_isForgotten() throws InterruptedException {
    race((thread, round) -> {
      switch (thread) {
        case 0 -> shared.get().close();
        case 1 -> shared.get().letGo();
        case 2 -> scene.router.unbind(ALICE);
        default -> shared.get().keep(scene.table, key("session-" + round % 7));
      }
    });
  }

  @Test
  @Timeout(60)
  void aSessionIsKept_whileOneRouteClosesAndAnotherIsOpen() throws InterruptedException {
    Route open = scene.router.route(ALICE);
    scene.drain(open);

    Threads.together(THREADS, thread -> {
      for (int round = 0; round < ROUNDS; round++) {
        if (thread == 0) {
          scene.pass(LONG);
        } else {
          try (Route route = scene.router.route(ALICE)) {
            assertThat(route).hasToString("KEPT " + id(open));
          }
        }
      }
    });

    open.close();
    assertThat(scene.held()).isZero();
    assertThat(scene.connections()).isZero();
  }

  /** At each moment the session is held by the route that is about to be closed, or bound. */
  @Test
  @Timeout(60)
  void aSessionIsKept_whileItsLastRouteIsClosed() throws InterruptedException {
    scene.drain(scene.visit(ALICE));
    String home = scene.bound(ALICE);

    Threads.together(THREADS, thread -> {
      for (int round = 0; round < ROUNDS; round++) {
        if (thread == 0) {
          shared.set(scene.router.route(ALICE));
          scene.pass(LONG);
        }
        barrier.await();
        if (thread == 0) {
          shared.get().close();
        } else {
          try (Route route = scene.router.route(ALICE)) {
            assertThat(route).hasToString("KEPT " + home);
          }
        }
        barrier.await();
      }
    });
    assertThat(scene.held()).isZero();
  }

  @Tag("slow")
  @Test
  @Timeout(60)
  void whateverThreadsDo_nothingIsHeldInTheEnd() throws InterruptedException {
    Threads.together(THREADS, thread -> {
      Random random = new Random(thread);
      Route[] routes = new Route[8];
      for (int round = 0; round < ROUNDS * 4; round++) {
        String request = "session-" + random.nextInt(4);
        int at = random.nextInt(routes.length);
        Route route = routes[at];
        if (route == null) {
          routes[at] = scene.router.route(request);
          continue;
        }
        switch (random.nextInt(8)) {
          case 0 -> route.keep(scene.table, key(request));
          case 1 -> route.letGo();
          case 2 -> scene.router.unbind(request);
          case 3 -> scene.pass(LONG);
          case 4 -> routes[at] = scene.router.reroute(request, route);
          default -> {
            route.close();
            routes[at] = null;
          }
        }
        if (routes[at] != null && routes[at].backend() == null) {
          routes[at] = null;
        }
      }
      for (Route route : routes) {
        if (route != null) {
          route.close();
        }
      }
    });

    assertThat(scene.held()).isZero();
    assertThat(scene.connections()).isZero();
    assertThat(scene.router.stats().abandonedRoutes()).isZero();
  }

  private void race(Action action) throws InterruptedException {
    Threads.together(THREADS, thread -> {
      for (int round = 0; round < ROUNDS; round++) {
        if (thread == 0) {
          shared.set(scene.router.route(ALICE));
        }
        barrier.await();
        action.run(thread, round);
        barrier.await();
        if (thread == 0) {
          shared.get().close();
          assertThat(scene.held()).isZero();
          assertThat(scene.connections()).isZero();
        }
        barrier.await();
      }
    });
    assertThat(scene.router.stats().abandonedRoutes()).isZero();
  }

  private interface Action {
    void run(int thread, int round);
  }
}
