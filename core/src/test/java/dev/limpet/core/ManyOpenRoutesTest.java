package dev.limpet.core;

import static dev.limpet.core.OpenSessions.ALICE;
import static dev.limpet.core.OpenSessions.BOB;
import static dev.limpet.core.OpenSessions.LONG;
import static dev.limpet.core.OpenSessions.SLIDING;
import static dev.limpet.core.Routing.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.limpet.core.table.TableKind;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Thousands of open routes. */
class ManyOpenRoutesTest {
  private static final int ROUTES = 10_000;
  private static final int ROUNDS = 10;

  /** A search of all of them takes hundreds of times as long. */
  private static final int MOST_TIMES = 40;

  private final OpenSessions scene = new OpenSessions(TableKind.COMPACT, SLIDING, 100_000);

  @Tag("slow")
  @Test
  @Timeout(120)
  void routesOfOneSession_costHardlyMoreThanThoseOfMany() {
    long many = Long.MAX_VALUE;
    long one = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      many = Math.min(many, nanosToOpenAndClose(i -> "session-" + i));
      one = Math.min(one, nanosToOpenAndClose(i -> ALICE));
    }
    assertThat(one).isLessThan(many * MOST_TIMES);
  }

  private long nanosToOpenAndClose(IntFunction<String> requests) {
    List<String> asked = new ArrayList<>();
    for (int i = 0; i < ROUTES; i++) {
      asked.add(requests.apply(i));
    }
    List<Route> routes = new ArrayList<>(ROUTES);
    long begin = cpuNanos();
    asked.forEach(request -> routes.add(scene.router.route(request)));
    routes.forEach(Route::close);
    return cpuNanos() - begin;
  }

  /** The time of this thread alone, as other processes may need the processors. */
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  @Test
  void letGo_letsEachOfThemGo() {
    List<Route> routes = open(ROUTES);
    scene.drain(routes.get(0));
    Route other = scene.router.route(BOB);

    routes.get(ROUTES / 2).letGo();
    scene.pass(LONG);

    assertThat(scene.router.peek(ALICE)).hasToString("none: UNKNOWN");
    assertThat(scene.router.peek(BOB)).hasToString(id(other));
    assertThat(scene.held()).isEqualTo(ROUTES + 1);
    routes.forEach(Route::close);
    assertThat(scene.bound(ALICE)).isNull();
    other.close();
    assertThat(scene.held()).isZero();
    assertThat(scene.connections()).isZero();
  }

  @Test
  void theLastOfThem_keepsTheSession() {
    List<Route> routes = open(ROUTES);
    scene.drain(routes.get(0));
    routes.subList(0, ROUTES - 1).forEach(Route::close);
    scene.pass(LONG);

    assertThat(scene.visit(ALICE)).hasToString("KEPT " + id(routes.get(0)));
    routes.get(ROUTES - 1).close();
    assertThat(scene.held()).isZero();
  }

  @Tag("slow")
  @Test
  void anOpenRouteCosts120Bytes_andNothingOnceItIsClosed() {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean
            && bean.isThreadAllocatedMemorySupported(),
        "this runtime does not measure allocation");
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    List<String> sessions = Routing.requests(ROUTES);
    Route[] routes = new Route[ROUTES];
    sessions.forEach(scene::visit);
    assertThat(scene.held()).as("of idle sessions").isZero();

    long least = Long.MAX_VALUE;
    for (int round = 0; round < 2 * ROUNDS; round++) {
      long before = bean.getThreadAllocatedBytes(Thread.currentThread().getId());
      for (int i = 0; i < ROUTES; i++) {
        routes[i] = scene.router.route(sessions.get(i));
      }
      least =
          Math.min(least, bean.getThreadAllocatedBytes(Thread.currentThread().getId()) - before);
      for (Route route : routes) {
        route.close();
      }
      assertThat(scene.held()).isZero();
    }
    assertThat((double) least / ROUTES).isLessThan(121);
  }

  private List<Route> open(int count) {
    List<Route> routes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      routes.add(scene.router.route(ALICE));
    }
    return routes;
  }
}
