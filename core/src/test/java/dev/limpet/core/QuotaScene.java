package dev.limpet.core;

import dev.limpet.core.StickyTableRaceContract.ManualClock;
import java.time.Duration;

/** A router with a quota, of sessions whose names begin with their group's: {@code group/session}. */
final class QuotaScene {
  static final Duration T = Duration.ofMinutes(20);
  static final Duration REST = T.dividedBy(64).plus(T.dividedBy(1024));
  static final KeyExtractor<String> GROUP = KeyExtractor.string(QuotaScene::group);

  final ManualClock clock = new ManualClock(0);
  final CompactStickyTable table;
  final KeyAffinity<String> affinity;
  final StickyRouter<String> router;

  QuotaScene(Quota quota, long capacity) {
    StickySession session = StickySession.custom().withDuration(T);
    this.table = CompactStickyTable.of(session, capacity, clock);
    this.affinity = KeyAffinity.<String>builder(Routing.TEXT)
        .hasher(Routing.HASHER)
        .session(session)
        .table(declared -> table)
        .quota(quota.withClock(clock), GROUP)
        .build();
    this.router = StickyRouter.of(Routing.pool("a", "b", "c", "d", "e"), affinity);
  }

  QuotaScene(Quota quota) {
    this(quota, 1_000);
  }

  Route route(String request) {
    return router.route(request);
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
