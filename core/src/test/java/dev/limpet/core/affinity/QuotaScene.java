package dev.limpet.core.affinity;

import dev.limpet.core.Bound;
import dev.limpet.core.Environment;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.PoolEdit;
import dev.limpet.core.Route;
import dev.limpet.core.Routing;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.UnreliableTable;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.core.table.StickyTableRaceContract.ManualClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * A router with a quota, of sessions whose names begin with their group's: {@code group/session}.
 */
final class QuotaScene {
  static final Duration T = Duration.ofMinutes(20);
  static final Duration REST = T.dividedBy(64).plus(T.dividedBy(1024));
  static final KeyExtractor<String> GROUP = KeyExtractor.string(QuotaScene::group);

  private static final String[] BACKENDS = {"a", "b", "c", "d", "e"};
  private static final StickySession SESSION = StickySession.custom().withDuration(T);

  final ManualClock clock;
  final CompactStickyTable table;

  /** Stands for the table: in a scene of {@link #late} the affinity knows no other. */
  final UnreliableTable late;

  final KeyAffinity<String> affinity;
  final StickyRouter<String> router;

  private QuotaScene(Quota quota, ManualClock clock, CompactStickyTable table, boolean isLate) {
    this.clock = clock;
    this.table = table;
    this.late = new UnreliableTable(table);
    this.affinity = affinity(quota, isLate ? late : table, Routing.ENVIRONMENT.withClock(clock));
    this.router = StickyRouter.of(Routing.pool(BACKENDS), affinity);
  }

  private QuotaScene(Quota quota, ManualClock clock, long capacity, boolean isLate) {
    this(quota, clock, CompactStickyTable.of(SESSION, capacity, clock), isLate);
  }

  QuotaScene(Quota quota, long capacity) {
    this(quota, new ManualClock(0), capacity, false);
  }

  QuotaScene(Quota quota) {
    this(quota, 1_000);
  }

  /** Goes on with the table of another scene. */
  QuotaScene(Quota quota, QuotaScene before) {
    this(quota, before.clock, before.table, false);
  }

  /** {@return a scene whose table answers late, and as the test says} */
  static QuotaScene late(Quota quota) {
    return new QuotaScene(quota, new ManualClock(0), 1_000, true);
  }

  static KeyAffinity<String> affinity(Quota quota, StickyTable table) {
    return affinity(quota, table, Routing.ENVIRONMENT);
  }

  private static KeyAffinity<String> affinity(
      Quota quota, StickyTable table, Environment environment) {
    return KeyAffinity.<String>builder(Routing.TEXT)
        .environment(environment)
        .session(SESSION)
        .table((declared, unused) -> table)
        .quota(quota, GROUP)
        .build();
  }

  Route route(String request) {
    return router.route(request);
  }

  CompletableFuture<Route> routeAsync(String request) {
    return router.routeAsync(request).toCompletableFuture();
  }

  CompletableFuture<Route> rerouteAsync(String request, Route failed) {
    return router.rerouteAsync(request, failed).toCompletableFuture();
  }

  /** Changes each backend. */
  void each(BiConsumer<PoolEdit, String> change) {
    for (String id : BACKENDS) {
      router.pool().change(edit -> change.accept(edit, id));
    }
  }

  boolean admits(String request) {
    return affinity.admits(request, Routing.key(request));
  }

  Bound bind(String request) {
    return affinity.bind(Routing.key(request), null, "a", true);
  }

  boolean isBound(String request) {
    return table.peek(Routing.key(request)) != null;
  }

  void pass(Duration time) {
    clock.advance(time);
  }

  static String group(String request) {
    return request.substring(0, request.indexOf('/'));
  }
}
