package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.examples.gateway.config.ConfigReader;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.config.PoolConfig;
import dev.limpet.examples.gateway.config.StickyConfig;
import dev.limpet.l7.HttpRouter;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Owners of several listeners, and several owners, while their stickiness changes. */
@Timeout(60)
class RestickOwnersTest {
  private static final String APP = "{type: app-cookie, cookieName: SID}";
  private static final String LB = "{type: lb-cookie}";
  private static final String SOURCE = "{type: source-ip}";

  private static final int COLLECTIONS = 20;

  private TestBackend b1;
  private TestBackend b2;
  private TestGateway gateway;

  @BeforeEach
  void startBackends() throws IOException {
    b1 = TestBackend.login("b1");
    b2 = TestBackend.login("b2");
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    b1.close();
    b2.close();
  }

  @Test
  void aSettingThatTheLibraryRefuses_changesNoOwner() throws IOException {
    start(SOURCE, SOURCE);
    StickyRouter<?> one = router("one");
    StickyRouter<?> two = router("two");

    assertThatThrownBy(
            () -> restick(withRefusedCookieOfTwo(config(LB, APP)), List.of("one", "two")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cookieName");

    assertThat(router("one")).isSameAs(one);
    assertThat(router("two")).isSameAs(two);
    restick(config(LB, APP), List.of("one", "two"));
    assertThat(router("one").affinity().table()).isNull();
    assertThat(router("two").affinity().table()).isNotNull();
  }

  @Test
  void responsesOfSeveralListeners_areCountedOnce() throws IOException {
    start(APP, SOURCE);
    new Client(gateway.port("one"), "127.0.77.1").body();
    new Client(gateway.port("one"), "127.0.77.2").body();
    new Client(gateway.port("other"), "127.0.77.3").body();
    assertThat(learned("one")).isEqualTo(2);
    assertThat(learned("other")).isEqualTo(1);

    restick(config(LB, SOURCE), List.of("one"));

    assertThat(learned("one")).isEqualTo(2);
    assertThat(learned("other")).isEqualTo(1);
  }

  @Test
  void theTableOfAnEarlierType_isGivenUp() throws IOException {
    start(APP, SOURCE);
    new Client(gateway.port("one"), "127.0.77.1").body();
    WeakReference<StickyTable> table =
        new WeakReference<>(router("one").affinity().table());

    restick(config(LB, SOURCE), List.of("one"));

    for (int i = 0; i < COLLECTIONS && table.get() != null; i++) {
      System.gc();
    }
    assertThat(table.get()).isNull();
    assertThat(learned("one")).isEqualTo(1);
  }

  @Test
  void aQuotaWhereNoneWasBefore_spreadsNewSessionsInTurn() throws IOException {
    start(SOURCE, SOURCE);

    restick(config("{type: source-ip, quota: {percent: 50}}", SOURCE), List.of("one"));

    List<String> homes = newHomes();
    for (int i = 1; i < homes.size(); i++) {
      assertThat(homes.get(i)).isNotEqualTo(homes.get(i - 1));
    }
  }

  @Test
  void anotherQuota_spreadsNewSessionsByHash() throws IOException {
    start("{type: source-ip, quota: {percent: 40}}", SOURCE);

    restick(config("{type: source-ip, quota: {percent: 50}}", SOURCE), List.of("one"));
    List<String> homes = newHomes();
    restick(config(LB, SOURCE), List.of("one"));
    restick(config("{type: source-ip, quota: {percent: 40}}", SOURCE), List.of("one"));
    restick(config("{type: source-ip, quota: {percent: 50}}", SOURCE), List.of("one"));

    assertThat(newHomes()).isEqualTo(homes);
  }

  private List<String> newHomes() throws IOException {
    List<String> homes = new ArrayList<>();
    for (int i = 1; i <= 12; i++) {
      homes.add(new Client(gateway.port("one"), "127.0.78." + i).body());
    }
    return homes;
  }

  private void start(String one, String two) throws IOException {
    gateway = TestGateway.of(yaml(one, two));
  }

  private void restick(GatewayConfig wanted, List<String> owners) {
    gateway.gateway().restick(wanted, owners);
  }

  private StickyRouter<?> router(String listener) {
    return gateway.gateway().listeners().get(listener).router();
  }

  private long learned(String listener) {
    return ((HttpRouter<?, ?>) router(listener)).responseStats().learned();
  }

  private GatewayConfig config(String one, String two) {
    return ConfigReader.source(yaml(one, two)).source().config();
  }

  /** The pool one has two listeners, and the pool two has one. */
  private String yaml(String one, String two) {
    String backends = String.join(", ", TestGateway.entries(b1, b2));
    return """
        profile: open
        stopTimeout: 0s
        listeners:
          - {name: one, protocol: http, port: 0, pool: one}
          - {name: other, protocol: http, port: 0, pool: one}
          - {name: two, protocol: http, port: 0, pool: two}
        pools:
          - {name: one, stickySession: %s, backends: [%s]}
          - {name: two, stickySession: %s, backends: [%s]}
        """.formatted(one, backends, two, backends);
  }

  private static GatewayConfig withRefusedCookieOfTwo(GatewayConfig config) {
    PoolConfig one = config.pools().get(0);
    PoolConfig two = config.pools().get(1);
    return new GatewayConfig(
        config.profile(),
        config.listeners(),
        List.of(one, withRefusedCookie(two)),
        config.keySecret(),
        config.tables(),
        config.cookieSecrets(),
        config.stopTimeout(),
        config.admin());
  }

  private static PoolConfig withRefusedCookie(PoolConfig pool) {
    StickyConfig sticky = pool.stickySession();
    return new PoolConfig(
        pool.name(),
        pool.algorithm(),
        pool.slowStart(),
        pool.failover(),
        new StickyConfig(
            sticky.type(),
            StickySession.appCookie("a b"),
            sticky.quota(),
            sticky.ipv6Prefix(),
            sticky.cookie(),
            sticky.field()),
        pool.sharedTable(),
        pool.healthCheck(),
        pool.passiveHealth(),
        pool.responseTimeout(),
        pool.returnToEarlierTier(),
        pool.backends());
  }
}
