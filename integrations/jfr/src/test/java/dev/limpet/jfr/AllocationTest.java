package dev.limpet.jfr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.limpet.core.Failover;
import dev.limpet.core.Outcome;
import dev.limpet.core.Route;
import dev.limpet.core.RouteListener;
import dev.limpet.core.StickyRouter;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import jdk.jfr.Recording;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a route costs that has an event. */
@Tag("slow")
class AllocationTest {
  private static final int ROUTES = 100_000;
  private static final int WARM_UP_ROUNDS = 5;

  private final Scene scene = new Scene();
  private final List<Route> routes = routes();
  private ThreadMXBean threads;

  /** A new session, one that moves, and one that is refused. */
  private List<Route> routes() {
    StickyRouter<String> moving = scene.router();
    StickyRouter<String> strict = scene.router(Failover.STRICT);
    Route begun = moving.route("alice");
    strict.route("alice");
    String home = Objects.requireNonNull(begun.backend()).id();
    scene.pool.change(edit -> edit.down(home));
    Route moved = moving.route("alice");
    scene.pool.change(edit -> edit.down("a").down("b"));
    Route refused = strict.route("alice");
    return List.of(begun, moved, refused);
  }

  @BeforeEach
  void needsAJvmThatMeasures() {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean
            && bean.isThreadAllocatedMemorySupported(),
        "this runtime does not measure allocation");
    threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  }

  @Test
  void eventsThatAreOff_allocateNothing() {
    assertThat(routes)
        .extracting(Route::outcome)
        .containsExactly(Outcome.NEW, Outcome.MOVED, Outcome.REFUSED);
    assertThat(bytesOfARoute()).isLessThan(0.1);
  }

  @Test
  void eventsThatAreOff_allocateNothingWhileOthersAreRecorded() {
    try (Recording recording = new Recording()) {
      recording.enable("jdk.ThreadSleep");
      recording.start();
      assertThat(bytesOfARoute()).isLessThan(0.1);
    }
  }

  @Test
  void afterARecording_eventsAllocateNothingAgain() {
    try (Recording recording = new Recording()) {
      recording.enable("dev.limpet.Bind");
      recording.start();
      bytesOfARoute();
    }
    assertThat(bytesOfARoute()).isLessThan(0.1);
  }

  private double bytesOfARoute() {
    RouteListener<Object> listener = JfrEvents.listener(scene.pool);
    double bytes = 0;
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      for (int i = 0; i < ROUTES; i++) {
        listener.routed(this, routes.get(i % routes.size()));
      }
      long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
      bytes = (double) (after - before) / ROUTES;
    }
    return bytes;
  }
}
