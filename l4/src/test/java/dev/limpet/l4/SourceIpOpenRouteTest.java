package dev.limpet.l4;

import static dev.limpet.l4.Addresses.ip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Affinity;
import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.TableFactory;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CaffeineStickyTable;
import dev.limpet.core.table.CompactStickyTable;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Long connections of clients that are known by their address. */
class SourceIpOpenRouteTest {
  private static final Duration LONG = StickySession.DEFAULT_DURATION.multipliedBy(3);
  private static final InetAddress CLIENT = ip("192.0.2.1");

  private final AtomicLong time = new AtomicLong();
  private final Environment environment = Environment.local().withClock(time::get);
  private final Pool pool = Pool.builder("db")
      .backends(List.of(
          Backend.of("db1", "10.0.0.1", 5432),
          Backend.of("db2", "10.0.0.2", 5432),
          Backend.of("db3", "10.0.0.3", 5432)))
      .environment(environment)
      .countConnections()
      .build();

  enum Table {
    COMPACT((session, used) -> CompactStickyTable.of(session, 1_000, used.clock())),
    CAFFEINE((session, used) -> CaffeineStickyTable.of(session, 1_000, used.clock()));

    @SuppressWarnings("ImmutableEnumChecker") // it has no state
    private final TableFactory factory;

    Table(TableFactory factory) {
      this.factory = factory;
    }
  }

  @ParameterizedTest
  @EnumSource(Table.class)
  void anOpenConnection_keepsItsClientAtItsBackend(Table table) {
    StickyRouter<InetAddress> router = StickyRouter.of(pool, affinity(table, 32));
    Route open = router.route(CLIENT);
    pool.change(edit -> edit.drain(open.backend().id()));

    time.addAndGet(LONG.toNanos());
    assertThat(router.peek(CLIENT)).hasToString(open.backend().id());
    try (Route next = router.route(CLIENT)) {
      assertThat(next).hasToString("KEPT " + open.backend().id());
    }
    time.addAndGet(LONG.toNanos());
    try (Route next = router.routeAsync(CLIENT).toCompletableFuture().join()) {
      assertThat(next).hasToString("KEPT " + open.backend().id());
    }
    open.close();
    time.addAndGet(LONG.toNanos());
    try (Route next = router.route(CLIENT)) {
      assertThat(next.outcome()).isEqualTo(Outcome.NEW);
    }
  }

  @ParameterizedTest
  @EnumSource(Table.class)
  void anOpenConnection_keepsItsNetworkAtItsBackend(Table table) {
    StickyRouter<InetAddress> router = StickyRouter.of(pool, affinity(table, 24));
    Route open = router.route(CLIENT);
    pool.change(edit -> edit.drain(open.backend().id()));

    time.addAndGet(LONG.toNanos());

    try (Route neighbour = router.route(ip("192.0.2.77"));
        Route stranger = router.route(ip("198.51.100.1"))) {
      assertThat(neighbour).hasToString("KEPT " + open.backend().id());
      assertThat(stranger.outcome()).isEqualTo(Outcome.NEW);
    }
    open.close();
  }

  @Test
  void aSourceAddressAfterAKey_servesThoseWithoutTheKey() {
    KeyAffinity<InetAddress> tenants = KeyAffinity.<InetAddress>builder(
            (request, hasher) -> request.equals(CLIENT) ? hasher.string("tenant") : 0)
        .environment(environment)
        .build();
    Affinity<InetAddress> chain = tenants.orElse(affinity(Table.COMPACT, 32));
    StickyRouter<InetAddress> router = StickyRouter.of(pool, chain);

    try (Route tenant = router.route(CLIENT);
        Route other = router.route(ip("198.51.100.1"));
        Route again = router.route(ip("198.51.100.1"))) {
      assertThat(tenant.affinity()).isZero();
      assertThat(other.affinity()).isEqualTo(1);
      assertThat(again).hasToString("KEPT " + other.backend().id());
      assertThat(again.affinity()).isEqualTo(1);
    }
  }

  private SourceIpAffinity<InetAddress> affinity(Table table, int prefix) {
    return SourceIpAffinity.<InetAddress>builder(Function.identity())
        .environment(environment)
        .ipv4Prefix(prefix)
        .table(table.factory)
        .build();
  }
}
