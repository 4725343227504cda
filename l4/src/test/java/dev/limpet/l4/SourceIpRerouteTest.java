package dev.limpet.l4;

import static dev.limpet.l4.Addresses.ip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Failover;
import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens to sessions by source address when connects fail. */
class SourceIpRerouteTest extends SourceIpRouting {

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
}
