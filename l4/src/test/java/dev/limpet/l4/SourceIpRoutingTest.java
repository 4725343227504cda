package dev.limpet.l4;

import static dev.limpet.l4.Addresses.ip;
import static dev.limpet.l4.Addresses.ipv6;
import static dev.limpet.l4.Addresses.mapped;
import static dev.limpet.l4.Addresses.named;
import static dev.limpet.l4.Addresses.wasLookedUp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Failover;
import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens to sessions by source address when the pool changes, event by event. */
class SourceIpRoutingTest extends SourceIpRouting {

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
    router.routeUnbound(client);
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
}
