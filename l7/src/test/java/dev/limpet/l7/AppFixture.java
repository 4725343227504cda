package dev.limpet.l7;

import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.KeyHasher;
import dev.limpet.core.Pool;
import dev.limpet.core.StickySession;
import dev.limpet.core.table.CaffeineStickyTable;
import java.time.Duration;

/** A pool of three backends behind a router by app cookie, with clocks that the test sets. */
final class AppFixture {
  static final Duration DURATION = Duration.ofMinutes(20);

  final TestClock clock = new TestClock();
  final KeyHasher hasher;
  final Pool pool;
  final CaffeineStickyTable table;
  final AppCookieAffinity<Request, Response> affinity;
  final HttpRouter<Request, Response> router;
  long nanos;

  AppFixture(Failover failover, int capacity, Environment base) {
    StickySession session = StickySession.appCookie("SID").withDuration(DURATION);
    Environment environment = base.withClock(() -> nanos).withWallClock(clock);
    this.hasher = environment.hasher();
    this.pool =
        Pool.of("app", LbFixture.backend("a"), LbFixture.backend("b"), LbFixture.backend("c"));
    this.table = CaffeineStickyTable.of(session, capacity, environment.clock());
    this.affinity = AppCookieAffinity.builder(Response.ACCESS)
        .session(session)
        .environment(environment)
        .table((declared, given) -> table)
        .build();
    this.router = HttpRouter.builder(pool, affinity).failover(failover).build();
  }

  AppFixture(Failover failover) {
    this(failover, 100, Environment.local());
  }

  AppFixture() {
    this(Failover.MOVE);
  }

  void advance(Duration duration) {
    nanos += duration.toNanos();
    clock.advance(duration);
  }

  static Response sets(String... setCookies) {
    return Response.ok().with("Set-Cookie", setCookies);
  }
}
