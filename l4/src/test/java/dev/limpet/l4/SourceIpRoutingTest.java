package dev.limpet.l4;

import static dev.limpet.l4.Addresses.ip;
import static dev.limpet.l4.Addresses.ipv6;
import static dev.limpet.l4.Addresses.mapped;
import static dev.limpet.l4.Addresses.named;
import static dev.limpet.l4.Addresses.wasLookedUp;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.CaffeineStickyTable;
import dev.limpet.core.Failover;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Pool.Edit;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens to sessions by source address when the pool changes, event by event. */
class SourceIpRoutingTest {
  private static final List<String> IDS = List.of("db1", "db2", "db3");
  private static final int CLIENTS = 60;

  private final AtomicLong time = new AtomicLong();
  private final Pool pool = Pool.of(
      "db",
      Backend.of("db1", "10.0.0.1", 5432),
      Backend.of("db2", "10.0.0.2", 5432),
      Backend.of("db3", "10.0.0.3", 5432));

  /** Both ways to take a backend out of the choice of new sessions. */
  enum Withdrawal {
    DRAIN,
    WEIGHT_0;

    Edit of(String id, Edit edit) {
      return (this == DRAIN) ? edit.drain(id) : edit.weight(id, 0);
    }
  }

  @Test
  void newSessions_areSpreadByWeightAndKept() {
    pool.change(edit -> edit.weight("db1", 4));
    StickyRouter<InetAddress> router = router(Failover.MOVE);

    Map<InetAddress, String> bound = bind(router);

    assertThat(count(bound, "db1")).isEqualTo(40);
    assertThat(count(bound, "db2")).isEqualTo(10);
    assertThat(count(bound, "db3")).isEqualTo(10);
    assertThat(bind(router)).isEqualTo(bound);
    assertThat(router.stats().count(Outcome.NEW)).isEqualTo(CLIENTS);
    assertThat(router.stats().count(Outcome.KEPT)).isEqualTo(CLIENTS);
  }

  @Test
  void oneClient_isOneSessionHoweverItsAddressIsWritten() {
    StickyRouter<InetAddress> router = router(Failover.MOVE);
    String ipv4 = id(router.route(ip("192.0.2.1")));
    String linkLocal = id(router.route(ip("fe80::1")));

    for (int i = 0; i < 10; i++) {
      assertThat(id(router.route(mapped(ip("192.0.2.1"))))).isEqualTo(ipv4);
      assertThat(id(router.route(named("no-such-host.invalid", ip("192.0.2.1")))))
          .isEqualTo(ipv4);
      assertThat(id(router.route(ipv6(ip("fe80::1").getAddress(), i)))).isEqualTo(linkLocal);
    }
    assertThat(router.stats().count(Outcome.NEW)).isEqualTo(2);
  }

  @Test
  void name_isNeverLookedUp() {
    StickyRouter<InetAddress> router = router(Failover.MOVE);
    InetAddress client = ip("192.0.2.1");

    Route first = router.route(client);
    router.reroute(client, first);
    router.peek(client);
    router.balance(client);
    router.unbind(client);

    assertThat(wasLookedUp(client)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void drainOrWeight0_keepsBoundSessionsAndTakesNoNewOne(Withdrawal withdrawal) {
    StickyRouter<InetAddress> router = router(Failover.MOVE);
    Map<InetAddress, String> bound = bind(router);

    pool.change(edit -> withdrawal.of("db1", edit));

    assertThat(bind(router)).isEqualTo(bound);
    assertThat(idsOfNewSessions(router)).containsExactlyInAnyOrder("db2", "db3");
  }

  @ParameterizedTest
  @EnumSource
  void drainedOrWeight0_emptiesByExpiry(Withdrawal withdrawal) {
    StickyRouter<InetAddress> router = router(Failover.MOVE);
    Map<InetAddress, String> bound = bind(router);
    pool.change(edit -> withdrawal.of("db1", edit));

    time.addAndGet(Duration.ofMinutes(21).toNanos());

    Map<InetAddress, String> after = bind(router);
    assertThat(bound).containsValue("db1");
    assertThat(after).doesNotContainValue("db1");
  }

  @Test
  void ready_endsADrain() {
    StickyRouter<InetAddress> router = router(Failover.MOVE);
    pool.change(edit -> edit.drain("db1"));

    pool.change(edit -> edit.ready("db1"));

    assertThat(idsOfNewSessions(router)).containsExactlyInAnyOrderElementsOf(IDS);
  }

  @ParameterizedTest
  @EnumSource
  void down_takesNoNewSession(Failover failover) {
    StickyRouter<InetAddress> router = router(failover);

    pool.change(edit -> edit.down("db1"));

    assertThat(idsOfNewSessions(router)).containsExactlyInAnyOrder("db2", "db3");
  }

  @Test
  void down_movesBoundSessionsOnceEachAndUpDoesNotMoveThemBack() {
    StickyRouter<InetAddress> router = router(Failover.MOVE);
    Map<InetAddress, String> bound = bind(router);

    pool.change(edit -> edit.down("db1"));
    Map<InetAddress, String> moved = bind(router);
    Map<InetAddress, String> again = bind(router);
    pool.change(edit -> edit.up("db1"));
    Map<InetAddress, String> recovered = bind(router);

    assertThat(moved).doesNotContainValue("db1");
    assertThat(unlike(bound, moved)).isEqualTo(clientsOf(bound, "db1"));
    assertThat(again).isEqualTo(moved);
    assertThat(recovered).isEqualTo(moved);
    assertThat(router.stats().count(Outcome.MOVED, Reason.BACKEND_DOWN)).isEqualTo(20);
    assertThat(idsOfNewSessions(router)).containsExactlyInAnyOrderElementsOf(IDS);
  }

  @Test
  void down_lendsBoundSessionsAndUpReturnsThem() {
    StickyRouter<InetAddress> router = router(Failover.LEND);
    Map<InetAddress, String> bound = bind(router);

    pool.change(edit -> edit.down("db1"));
    Map<InetAddress, String> lent = bind(router);
    Map<InetAddress, String> again = bind(router);
    pool.change(edit -> edit.up("db1"));

    assertThat(lent).doesNotContainValue("db1");
    assertThat(unlike(bound, lent)).isEqualTo(clientsOf(bound, "db1"));
    assertThat(again).isEqualTo(lent);
    assertThat(bind(router)).isEqualTo(bound);
    assertThat(router.stats().count(Outcome.LENT, Reason.BACKEND_DOWN)).isEqualTo(40);
  }

  @Test
  void down_refusesBoundSessionsAndUpServesThem() {
    StickyRouter<InetAddress> router = router(Failover.STRICT);
    Map<InetAddress, String> bound = bind(router);
    InetAddress client = clientsOf(bound, "db1").iterator().next();

    pool.change(edit -> edit.down("db1"));
    Route refused = router.route(client);
    pool.change(edit -> edit.up("db1"));

    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(refused.reason()).isEqualTo(Reason.BACKEND_DOWN);
    assertThat(refused.backend()).isNull();
    assertThat(bind(router)).isEqualTo(bound);
  }

  @Test
  void up_doesNotEndADrain() {
    StickyRouter<InetAddress> router = router(Failover.MOVE);
    pool.change(edit -> edit.drain("db1").down("db1"));

    pool.change(edit -> edit.up("db1"));

    assertThat(idsOfNewSessions(router)).containsExactlyInAnyOrder("db2", "db3");
  }

  @ParameterizedTest
  @EnumSource
  void removed_movesBoundSessionsWhateverTheFailover(Failover failover) {
    StickyRouter<InetAddress> router = router(failover);
    Map<InetAddress, String> bound = bind(router);

    pool.change(edit -> edit.remove("db1"));
    Map<InetAddress, String> moved = bind(router);

    assertThat(moved).doesNotContainValue("db1");
    assertThat(unlike(bound, moved)).isEqualTo(clientsOf(bound, "db1"));
    assertThat(bind(router)).isEqualTo(moved);
    assertThat(router.stats().count(Outcome.MOVED, Reason.BACKEND_GONE)).isEqualTo(20);
  }

  @Test
  void connectError_movesTheBinding() {
    StickyRouter<InetAddress> router = router(Failover.MOVE);
    InetAddress client = ip("192.0.2.1");
    String bound = id(router.route(client));

    Route moved = router.reroute(client, router.route(client));

    assertThat(moved.outcome()).isEqualTo(Outcome.MOVED);
    assertThat(moved.reason()).isEqualTo(Reason.CONNECT_FAILED);
    assertThat(id(moved)).isNotEqualTo(bound);
    assertThat(id(router.route(client))).isEqualTo(id(moved));
  }

  @Test
  void connectError_lendsAndKeepsTheBinding() {
    StickyRouter<InetAddress> router = router(Failover.LEND);
    InetAddress client = ip("192.0.2.1");
    String bound = id(router.route(client));

    Route lent = router.reroute(client, router.route(client));

    assertThat(lent.outcome()).isEqualTo(Outcome.LENT);
    assertThat(id(lent)).isNotEqualTo(bound);
    assertThat(id(router.route(client))).isEqualTo(bound);
  }

  @Test
  void connectError_refusesAndKeepsTheBinding() {
    StickyRouter<InetAddress> router = router(Failover.STRICT);
    InetAddress client = ip("192.0.2.1");
    String bound = id(router.route(client));

    Route refused = router.reroute(client, router.route(client));

    assertThat(refused.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(id(router.route(client))).isEqualTo(bound);
  }

  @ParameterizedTest
  @EnumSource
  void connectError_ofANewSessionBindsItToTheNextChoice(Failover failover) {
    StickyRouter<InetAddress> router = router(failover);
    InetAddress client = ip("192.0.2.1");
    Route first = router.route(client);

    Route next = router.reroute(client, first);

    assertThat(next.outcome()).isEqualTo(Outcome.NEW);
    assertThat(id(next)).isNotEqualTo(id(first));
    assertThat(id(router.route(client))).isEqualTo(id(next));
  }

  @Test
  void connectErrorsEverywhere_tryEachBackendOnceAndRestoreTheBinding() {
    StickyRouter<InetAddress> router = router(Failover.MOVE);
    InetAddress client = ip("192.0.2.1");
    String bound = id(router.route(client));

    List<String> tried = new ArrayList<>();
    Route route = router.route(client);
    while (route.backend() != null) {
      tried.add(id(route));
      route = router.reroute(client, route);
    }

    assertThat(tried).containsExactlyInAnyOrderElementsOf(IDS);
    assertThat(route.outcome()).isEqualTo(Outcome.NO_BACKEND);
    assertThat(id(router.route(client))).isEqualTo(bound);
  }

  @Test
  void connectError_leavesThePoolAsItIs() {
    StickyRouter<InetAddress> router = router(Failover.MOVE);
    InetAddress client = ip("192.0.2.1");
    String before = pool.toString();

    router.reroute(client, router.route(client));

    assertThat(pool).hasToString(before);
    assertThat(idsOfNewSessions(router)).containsExactlyInAnyOrderElementsOf(IDS);
  }

  private StickyRouter<InetAddress> router(Failover failover) {
    SourceIpAffinity<InetAddress> affinity = SourceIpAffinity.<InetAddress>builder(
            Function.identity())
        .table(session -> CaffeineStickyTable.of(session, 1000, time::get))
        .build();
    return StickyRouter.<InetAddress>builder(pool, affinity).failover(failover).build();
  }

  /** Routes one connection of each client. */
  private static Map<InetAddress, String> bind(StickyRouter<InetAddress> router) {
    Map<InetAddress, String> bound = new HashMap<>();
    for (int i = 0; i < CLIENTS; i++) {
      InetAddress client = ip("198.51.100." + i);
      bound.put(client, id(router.route(client)));
    }
    return bound;
  }

  private static Set<String> idsOfNewSessions(StickyRouter<InetAddress> router) {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < CLIENTS; i++) {
      ids.add(id(router.route(ip("203.0.113." + i))));
    }
    return ids;
  }

  private static Set<InetAddress> clientsOf(Map<InetAddress, String> bound, String id) {
    Set<InetAddress> clients = new HashSet<>(bound.keySet());
    clients.removeIf(client -> !bound.get(client).equals(id));
    return clients;
  }

  private static Set<InetAddress> unlike(
      Map<InetAddress, String> before, Map<InetAddress, String> after) {
    Set<InetAddress> clients = new HashSet<>(before.keySet());
    clients.removeIf(client -> before.get(client).equals(after.get(client)));
    return clients;
  }

  private static long count(Map<InetAddress, String> bound, String id) {
    return bound.values().stream().filter(id::equals).count();
  }

  private static String id(Route route) {
    return requireNonNull(route.backend(), route::toString).id();
  }
}
