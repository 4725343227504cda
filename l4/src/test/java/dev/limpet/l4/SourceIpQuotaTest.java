package dev.limpet.l4;

import static dev.limpet.l4.Addresses.ip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.Remaining;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.affinity.Quota;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SourceIpQuotaTest extends SourceIpRouting {
  private static final int CAP = 100;

  @Test
  void floodFromOneSite_isHashedAtTheCapAndOthersAreStored() {
    SourceIpAffinity<InetAddress> affinity = affinity(builder());
    StickyRouter<InetAddress> router = StickyRouter.of(pool, affinity);
    Map<InetAddress, String> homes = new HashMap<>();

    for (int i = 0; i < 1_000; i++) { // /64 networks of 2001:db8:0:aa00::/56
      InetAddress client = ip("2001:db8:0:aa%02x::%x".formatted(i % 256, i + 1));
      Route route = router.route(client);
      assertThat(route.outcome()).isEqualTo(i < CAP ? Outcome.NEW : Outcome.HASHED);
      assertThat(route.reason()).isEqualTo(i < CAP ? Reason.UNKNOWN : Reason.OVER_QUOTA);
      homes.put(client, id(route));
    }

    for (int i = 0; i < 256; i++) {
      assertThat(router.route(ip("2001:db8:0:ab%02x::1".formatted(i))).outcome())
          .isEqualTo(i < CAP ? Outcome.NEW : Outcome.HASHED);
      assertThat(router.route(ip("192.0.2." + i)).outcome())
          .isEqualTo(i < CAP ? Outcome.NEW : Outcome.HASHED);
      assertThat(router.route(ip("198.51.%s.1".formatted(i))).outcome()).isEqualTo(Outcome.NEW);
    }
    homes.forEach((client, home) -> assertThat(id(router.route(client))).isEqualTo(home));
    assertThat(affinity.overQuota()).isEqualTo(2 * 900 + 2 * 156);
  }

  @Test
  void networkThatIsOneSession_isAGroupToo() {
    StickyRouter<InetAddress> router =
        StickyRouter.of(pool, affinity(builder().ipv4Prefix(16).ipv6Prefix(48)));
    for (int i = 0; i < 2 * CAP; i++) {
      assertThat(router.route(ip("10.%s.0.1".formatted(i))).outcome()).isEqualTo(Outcome.NEW);
      assertThat(router.route(ip("2001:db8:%x::1".formatted(i))).outcome()).isEqualTo(Outcome.NEW);
    }
  }

  @Test
  void withoutAQuota_nobodyIsRefused() {
    SourceIpAffinity<InetAddress> affinity = builder().build();
    StickyRouter<InetAddress> router = StickyRouter.of(pool, affinity);
    for (int i = 0; i < 2 * CAP; i++) {
      assertThat(router.route(ip("192.0.2." + i)).outcome()).isEqualTo(Outcome.NEW);
    }
    assertThat(affinity.overQuota()).isZero();
  }

  @Test
  void remainingBindings_areThoseOfTheTable() {
    SourceIpAffinity<InetAddress> affinity = builder().build();
    String home = id(StickyRouter.of(pool, affinity).route(ip("192.0.2.1")));
    assertThat(affinity.remaining(home).bindings()).hasValue(1);
    assertThat(affinity.remaining("other")).isEqualTo(Remaining.NOTHING);
  }

  private static SourceIpAffinity<InetAddress> affinity(
      SourceIpAffinity.Builder<InetAddress> builder) {
    return builder.quota(Quota.ofLive(CAP)).build();
  }

  private static SourceIpAffinity.Builder<InetAddress> builder() {
    return SourceIpAffinity.builder(Function.identity());
  }
}
