package dev.limpet.core;

import static dev.limpet.core.Routing.affinity;
import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.pool;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RouteListenerTest {
  private static final int THREADS = 8;

  private final Pool pool = pool("a", "b");

  @Test
  void hearsOfEveryAnswer() {
    List<String> heard = new ArrayList<>();
    StickyRouter<String> router =
        router((request, route) -> heard.add(request + " " + route.outcome()));

    Route kept = router.route("alice");
    router.reroute("alice", kept);
    router.routeUnbound("bob");
    router.peek("bob");
    router.unbind("alice");

    assertThat(heard).containsExactly("alice NEW", "alice NEW", "bob UNBOUND");
  }

  static List<Throwable> throwables() {
    return List.of(
        new IllegalStateException(),
        new AssertionError(),
        new StackOverflowError(),
        new Exception());
  }

  @ParameterizedTest
  @MethodSource("throwables")
  void whatItThrowsIsCountedAndGoesNoFurther(Throwable thrown) {
    StickyRouter<String> router = router((request, route) -> throwAny(thrown));

    Route route = router.route("alice");
    Route again = router.reroute("alice", route);

    assertThat(again.backend()).isNotNull();
    assertThat(router.stats().listenerFailures()).isEqualTo(2);
    assertThat(router.stats().requests()).isEqualTo(1);
  }

  @Test
  void andThen_callsBoth() {
    List<String> heard = new ArrayList<>();
    RouteListener<String> first = (request, route) -> heard.add("first " + request);
    RouteListener<Object> second = (request, route) -> heard.add("second " + request);

    router(first.andThen(second)).route("alice");

    assertThat(heard).containsExactly("first alice", "second alice");
  }

  @ParameterizedTest
  @MethodSource("throwables")
  void andThen_callsTheSecondIfTheFirstThrows(Throwable thrown) {
    List<String> heard = new ArrayList<>();
    RouteListener<String> first = (request, route) -> throwAny(thrown);
    StickyRouter<String> router = router(first.andThen((request, route) -> heard.add(request)));

    router.route("alice");

    assertThat(heard).containsExactly("alice");
    assertThat(router.stats().listenerFailures()).isEqualTo(1);
  }

  @Test
  void mayChangeThePool() {
    StickyRouter<String> router =
        router((request, route) -> pool.change(edit -> edit.drain(Routing.id(route))));

    Route first = router.route("alice");
    Route second = router.route("bob");

    assertThat(Routing.id(second)).isNotEqualTo(Routing.id(first));
    assertThat(router.route("carol").outcome()).isEqualTo(Outcome.NO_BACKEND);
    assertThat(router.stats().listenerFailures()).isEqualTo(1);
  }

  @Test
  void mayAskTheRouter() {
    AtomicInteger depth = new AtomicInteger();
    List<StickyRouter<String>> self = new ArrayList<>();
    StickyRouter<String> router = router((request, route) -> {
      if (depth.getAndIncrement() == 0) {
        self.get(0).route("bob");
        self.get(0).unbind("alice");
      }
    });
    self.add(router);

    router.route("alice");

    assertThat(router.stats().requests()).isEqualTo(2);
    assertThat(router.route("alice").outcome()).isEqualTo(Outcome.NEW);
  }

  @Test
  void changesByManyListenersAtOnceAreAllMade() throws InterruptedException {
    int rounds = 50;
    StickyRouter<String> router =
        router((request, route) -> pool.change(edit -> edit.add(backend(request))));

    Threads.together(THREADS, thread -> {
      for (int round = 0; round < rounds; round++) {
        router.route("t" + thread + "-" + round);
      }
    });

    assertThat(pool.snapshot().members()).hasSize(2 + THREADS * rounds);
    assertThat(router.stats().listenerFailures()).isZero();
  }

  private StickyRouter<String> router(RouteListener<String> listener) {
    return StickyRouter.<String>builder(pool, affinity(Routing.table(10_000)))
        .listener(listener)
        .build();
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void throwAny(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
