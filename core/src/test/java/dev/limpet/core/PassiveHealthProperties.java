package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds whatever is reported, edited and routed. */
class PassiveHealthProperties {

  /** One event in the life of a pool. */
  interface Event extends Consumer<World> {}

  /** A pool of five backends, its router and its clock. */
  static final class World {
    final AtomicLong nanos = new AtomicLong();
    final Pool pool = Pool.builder("pool")
        .environment(Routing.ENVIRONMENT.withClock(nanos::get))
        .passiveHealth(PassiveHealth.standard())
        .countConnections()
        .backends(IntStream.range(0, 5).mapToObj(i -> backend("b" + i)).toList())
        .build();
    final StickyRouter<String> router = Routing.router(pool);
    int next;
  }

  @Provide
  Arbitrary<List<Event>> events() {
    Arbitrary<Integer> index = Arbitraries.integers().between(0, 4);
    Arbitrary<Event> fails = Arbitraries.just(world -> {
      try (Route route = world.router.route("s" + world.next++)) {
        world.router.failed(route, FailureKind.CONNECT);
      }
    });
    Arbitrary<Event> succeeds = Arbitraries.just(world -> {
      try (Route route = world.router.route("s" + world.next++)) {
        world.router.succeeded(route);
      }
    });
    Arbitrary<Event> reroutes = Arbitraries.just(world -> {
      String session = "s" + world.next++;
      Route first = world.router.route(session);
      if (first.backend() != null) {
        world.router.reroute(session, first).close();
      }
    });
    Arbitrary<Event> cancels =
        Arbitraries.just(world -> world.router.route("s" + world.next++).cancel());
    Arbitrary<Event> down = index.map(i -> world -> world.pool.change(e -> e.down("b" + i)));
    Arbitrary<Event> up = index.map(i -> world -> world.pool.change(e -> e.up("b" + i)));
    Arbitrary<Event> drain = index.map(i -> world -> world.pool.change(e -> e.drain("b" + i)));
    Arbitrary<Event> ready = index.map(i -> world -> world.pool.change(e -> e.ready("b" + i)));
    Arbitrary<Event> passes = Arbitraries.integers()
        .between(1, 70_000)
        .map(millis -> world -> world.nanos.addAndGet(Duration.ofMillis(millis).toNanos()));
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(12, fails),
            net.jqwik.api.Tuple.of(2, succeeds),
            net.jqwik.api.Tuple.of(4, reroutes),
            net.jqwik.api.Tuple.of(1, cancels),
            net.jqwik.api.Tuple.of(1, down),
            net.jqwik.api.Tuple.of(1, up),
            net.jqwik.api.Tuple.of(1, drain),
            net.jqwik.api.Tuple.of(1, ready),
            net.jqwik.api.Tuple.of(3, passes))
        .list()
        .ofMaxSize(120);
  }

  @Property(tries = 500)
  void theLastBackendIsNeverEjected_andNoConnectionIsLost(@ForAll("events") List<Event> events) {
    World world = new World();
    for (Event event : events) {
      event.accept(world);
      List<Member> members = world.pool.snapshot().members();
      if (members.stream().anyMatch(Member::isEligible)) {
        assertThat(members).anyMatch(Member::acceptsNew);
      }
      assertThat(members).noneMatch(member -> member.down() && member.ejection() != null);
      assertThat(members).allMatch(member -> member.load().connections() == 0);
    }
  }

  @Property(tries = 200)
  void afterTheFailuresEnd_allAreReadmitted(@ForAll("events") List<Event> events) {
    World world = new World();
    events.forEach(event -> event.accept(world));
    for (int i = 0; i < 10; i++) {
      world.pool.change(edit -> edit.ready("b" + 0));
      world.nanos.addAndGet(Duration.ofSeconds(91).toNanos());
      try (Route route = world.router.route("late" + i)) {
        world.router.succeeded(route);
      }
    }

    assertThat(world.pool.snapshot().members())
        .noneMatch(member -> member.isEligible() && member.ejection() != null);
  }
}
