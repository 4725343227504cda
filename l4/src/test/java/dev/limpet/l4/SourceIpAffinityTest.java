package dev.limpet.l4;

import static dev.limpet.l4.Addresses.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Affinity;
import dev.limpet.core.Backend;
import dev.limpet.core.Bound;
import dev.limpet.core.Environment;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Profile;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.StickyTable;
import dev.limpet.core.table.CaffeineStickyTable;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SourceIpAffinityTest {
  private final Environment environment = Environment.of(new byte[Environment.MIN_SECRET_BYTES]);
  private final Pool pool =
      Pool.of("db", Backend.of("db1", "10.0.0.1", 5432), Backend.of("db2", "10.0.0.2", 5432));

  @Test
  void session_isBySourceIpSlidingOf20MinutesUnlessDeclared() {
    assertThat(affinity().build().session())
        .isEqualTo(StickySession.of(StickySession.Type.SOURCE_IP)
            .withDuration(Duration.ofMinutes(20))
            .withMode(Mode.SLIDING));
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
    StickySession declared = StickySession.of(type);

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
  void environment_makesTheKeys() {
    SourceIpAffinity<InetAddress> affinity = affinity().environment(environment).build();

    assertThat(affinity.key(ip("192.0.2.1")))
        .isEqualTo(environment.hasher().address(ip("192.0.2.1")));
    assertThat(affinity.environment()).isSameAs(environment);
  }

  @Test
  void environment_isThatOfThisProcessUnlessGiven() {
    SourceIpAffinity<InetAddress> affinity = affinity().build();

    assertThat(affinity.environment()).isSameAs(Environment.local());
    assertThat(affinity.key(ip("192.0.2.1")))
        .isEqualTo(affinity().build().key(ip("192.0.2.1")))
        .isNotIn(KeyExtractor.NONE, environment.hasher().address(ip("192.0.2.1")));
  }

  @Test
  void environment_timesTheSessionsOfTheDefaultTable() {
    AtomicLong nanos = new AtomicLong();
    StickyRouter<InetAddress> router = StickyRouter.of(
        pool, affinity().environment(environment.withClock(nanos::get)).build());
    InetAddress client = ip("192.0.2.1");
    router.route(client);
    nanos.addAndGet(Duration.ofMinutes(19).toNanos());
    assertThat(router.route(client).outcome()).isEqualTo(Outcome.KEPT);
    nanos.addAndGet(Duration.ofMinutes(21).toNanos());

    assertThat(router.route(client).outcome()).isEqualTo(Outcome.NEW);
  }

  @Test
  void table_isMadeOnceOfTheDeclaredSessionAndEnvironment() {
    List<Object> asked = new ArrayList<>();
    StickySession declared = StickySession.sourceIp().withDuration(Duration.ofMinutes(5));

    affinity()
        .table((session, given) -> {
          asked.add(session);
          asked.add(given);
          return CaffeineStickyTable.of(session, 10);
        })
        .session(declared)
        .environment(environment)
        .build();

    assertThat(asked).containsExactly(declared, environment);
  }

  @Test
  void routeAsync_waitsForTheTable() {
    CompletableFuture<Bound> answer = new CompletableFuture<>();
    StickyTable table = CaffeineStickyTable.of(StickySession.sourceIp(), 10);
    StickyRouter<InetAddress> router = StickyRouter.of(
        pool, affinity().table((session, given) -> new LateTable(table, answer)).build());

    CompletableFuture<Route> route = router.routeAsync(ip("192.0.2.1")).toCompletableFuture();

    assertThat(route).isNotDone();
    answer.complete(Bound.held("db2"));
    assertThat(route.join()).hasToString("KEPT db2");
  }

  @Test
  void router_refusesADurationThatLayer4DoesNotAllow() {
    Affinity<InetAddress> longer = affinity()
        .session(StickySession.sourceIp().withDuration(Duration.ofMinutes(61)))
        .build();

    assertThatThrownBy(() -> StickyRouter.of(pool, longer))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("duration: PT1H1M (expected: PT1M..PT1H at layer 4, in whole seconds)"
            + " [profile enhanced, allowed by Profile.OPEN]");
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

  /** A table that others share: the test answers for them. */
  private record LateTable(StickyTable here, CompletableFuture<Bound> answer)
      implements StickyTable {
    @Override
    public @Nullable String lookup(long key) {
      return here.lookup(key);
    }

    @Override
    public @Nullable String peek(long key) {
      return here.peek(key);
    }

    @Override
    public boolean wantsHash(long key) {
      return here.wantsHash(key);
    }

    @Override
    public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
      return here.bind(key, expected, candidate, byHash);
    }

    @Override
    public CompletionStage<Bound> bindAsync(
        long key, @Nullable String expected, String candidate, boolean byHash) {
      return answer;
    }

    @Override
    public boolean unbind(long key, String expected) {
      return here.unbind(key, expected);
    }
  }
}
