package dev.limpet.core;

import static dev.limpet.core.Routing.backend;

import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.StickyTableRaceContract.ManualClock;
import dev.limpet.core.table.TableKind;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A router whose pool counts connections, with a table and a clock that a test moves. */
final class OpenSessions {
  static final Duration T = Duration.ofMinutes(20);

  /** Longer than any table keeps a session that nobody uses. */
  static final Duration LONG = T.multipliedBy(3);

  static final String ALICE = "alice";
  static final String BOB = "bob";
  static final StickySession SLIDING = StickySession.custom().withDuration(T);

  final ManualClock clock = new ManualClock(0);
  final Environment environment;
  final Pool pool;
  final StickyTable table;
  final KeyAffinity<String> affinity;
  final StickyRouter<String> router;

  private OpenSessions(
      TableKind kind,
      StickySession session,
      long capacity,
      UnaryOperator<StickyTable> changed,
      @Nullable NanoClock own) {
    NanoClock time = (own == null) ? clock : own;
    this.environment = Routing.ENVIRONMENT.withClock(time);
    this.table = changed.apply(kind.of(session, capacity, time));
    this.pool = Pool.builder("pool")
        .backends(List.of(backend("a"), backend("b"), backend("c")))
        .environment(environment)
        .countConnections()
        .build();
    this.affinity = affinity(session, table);
    this.router = StickyRouter.of(pool, affinity);
  }

  /**
   * Makes a router.
   *
   * @param changed what stands for the table
   */
  OpenSessions(
      TableKind kind, StickySession session, long capacity, UnaryOperator<StickyTable> changed) {
    this(kind, session, capacity, changed, null);
  }

  OpenSessions(TableKind kind, StickySession session, long capacity) {
    this(kind, session, capacity, UnaryOperator.identity());
  }

  /** Makes a router whose clock is not that of the scene. */
  OpenSessions(TableKind kind, StickySession session, NanoClock clock) {
    this(kind, session, 1_000, UnaryOperator.identity(), clock);
  }

  OpenSessions(TableKind kind) {
    this(kind, SLIDING, 1_000);
  }

  KeyAffinity<String> affinity(StickySession session, StickyTable sessions) {
    return KeyAffinity.<String>builder(Routing.TEXT)
        .environment(environment)
        .session(session)
        .table((declared, unused) -> sessions)
        .build();
  }

  /** Routes a request and closes its route. */
  Route visit(String request) {
    try (Route route = router.route(request)) {
      return route;
    }
  }

  Route routeAsync(String request) {
    return router.routeAsync(request).toCompletableFuture().join();
  }

  void pass(Duration time) {
    clock.advance(time);
  }

  /** Keeps new sessions away from a backend, so that only a session that is known stays there. */
  void drain(Route route) {
    pool.change(edit -> edit.drain(Routing.id(route)));
  }

  String bound(String request) {
    return table.peek(Routing.key(request));
  }

  int connections() {
    return pool.snapshot().members().stream()
        .mapToInt(member -> member.load().connections())
        .sum();
  }

  /** How many routes hold a connection, by the pool's books. */
  int held() {
    return pool.heldRoutes().size();
  }
}
