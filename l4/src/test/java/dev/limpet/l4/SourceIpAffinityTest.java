package dev.limpet.l4;

import static dev.limpet.l4.Addresses.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Affinity;
import dev.limpet.core.Backend;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Profile;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.table.CaffeineStickyTable;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceIpAffinityTest {
  private final Pool pool =
      Pool.of("db", Backend.of("db1", "10.0.0.1", 5432), Backend.of("db2", "10.0.0.2", 5432));

  @Test
  void session_isBySourceIpSlidingOf20MinutesUnlessDeclared() {
    assertThat(affinity().build().session())
        .isEqualTo(new StickySession(
            StickySession.Type.SOURCE_IP, Duration.ofMinutes(20), Mode.SLIDING, null, null));
  }

  @Test
  void session_isAsDeclared() {
    StickySession declared = StickySession.sourceIp()
        .withDuration(Duration.ofMinutes(5))
        .withMaxDuration(Duration.ofHours(1));

    assertThat(affinity().session(declared).build().session()).isEqualTo(declared);
  }

  @ParameterizedTest
  @CsvSource({"LB_COOKIE, lb-cookie", "APP_COOKIE, app-cookie", "CUSTOM, custom"})
  void session_ofAnotherTypeIsRefused(StickySession.Type type, String spelled) {
    StickySession declared =
        new StickySession(type, Duration.ofMinutes(20), Mode.SLIDING, null, null);

    assertThatThrownBy(() -> affinity().session(declared))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("type: " + spelled + " (expected: source-ip at layer 4)");
  }

  @Test
  void prefixes_outOfRangeAreRefused() {
    assertThatThrownBy(() -> affinity().ipv4Prefix(33))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ipv4Prefix: 33 (expected: 0..32)");
    assertThatThrownBy(() -> affinity().ipv6Prefix(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("ipv6Prefix: -1 (expected: 0..128)");
  }

  @Test
  void prefixes_makeOneSessionOfANetwork() {
    Affinity<InetAddress> networks = affinity().ipv4Prefix(24).ipv6Prefix(56).build();
    StickyRouter<InetAddress> router = StickyRouter.of(pool, networks);
    Backend ipv4 = router.route(ip("192.0.2.1")).backend();
    Backend ipv6 = router.route(ip("2001:db8::1")).backend();

    assertThat(router.route(ip("192.0.2.200")).backend()).isEqualTo(ipv4);
    assertThat(router.route(ip("2001:db8:0:ff::1")).backend()).isEqualTo(ipv6);
    assertThat(router.stats().count(Outcome.NEW)).isEqualTo(2);
    assertThat(router.stats().count(Outcome.KEPT)).isEqualTo(2);
  }

  @Test
  void unbind_removesTheExpectedNameOnly() {
    SourceIpAffinity<InetAddress> affinity = affinity().build();
    long key = affinity.key(ip("192.0.2.1"));
    affinity.bind(key, null, "db1", false);

    assertThat(affinity.unbind(key, "db2")).isFalse();
    assertThat(affinity.unbind(key, "db1")).isTrue();
    assertThat(affinity.unbind(key, "db1")).isFalse();
  }

  @Test
  void nullAddress_belongsToNoSession() {
    StickyRouter<String> router =
        StickyRouter.of(pool, SourceIpAffinity.<String>builder(any -> null).build());

    Route first = router.route("local");
    Route second = router.route("local");

    assertThat(first.outcome()).isEqualTo(Outcome.UNBOUND);
    assertThat(first.reason()).isEqualTo(Reason.NO_KEY);
    assertThat(second.backend()).isNotEqualTo(first.backend());
  }

  @Test
  void hasher_makesTheKeys() {
    KeyHasher hasher = KeyHasher.random();

    assertThat(affinity().hasher(hasher).build().key(ip("192.0.2.1")))
        .isEqualTo(hasher.address(ip("192.0.2.1")));
  }

  @Test
  void hasher_isOfARandomSecretUnlessGiven() {
    assertThat(affinity().build().key(ip("192.0.2.1")))
        .isNotIn(KeyExtractor.NONE, affinity().build().key(ip("192.0.2.1")));
  }

  @Test
  void table_isMadeOnceOfTheDeclaredSession() {
    List<StickySession> asked = new ArrayList<>();
    StickySession declared = StickySession.sourceIp().withDuration(Duration.ofMinutes(5));

    affinity()
        .table(session -> {
          asked.add(session);
          return CaffeineStickyTable.of(session, 10);
        })
        .session(declared)
        .build();

    assertThat(asked).containsExactly(declared);
  }

  @Test
  void router_refusesADurationThatLayer4DoesNotAllow() {
    Affinity<InetAddress> longer = affinity()
        .session(StickySession.sourceIp().withDuration(Duration.ofMinutes(61)))
        .build();

    assertThatThrownBy(() -> StickyRouter.of(pool, longer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("duration: PT1H1M (expected: PT1M..PT1H at layer 4, in whole seconds)"
            + " [profile enhanced]");
  }

  @Test
  void router_ofTheOpenProfileAllowsALongDuration() {
    Affinity<InetAddress> longer = affinity()
        .session(StickySession.sourceIp().withDuration(Duration.ofDays(7)))
        .build();

    StickyRouter<InetAddress> router =
        StickyRouter.<InetAddress>builder(pool, longer).profile(Profile.OPEN).build();

    assertThat(router.route(ip("192.0.2.1")).outcome()).isEqualTo(Outcome.NEW);
  }

  private static SourceIpAffinity.Builder<InetAddress> affinity() {
    return SourceIpAffinity.builder(Function.identity());
  }
}
