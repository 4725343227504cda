package dev.limpet.spring.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.RouterStats;
import dev.limpet.testkit.RawBackend;
import dev.limpet.testkit.RawClient;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two applications share their sessions: on Redis, or in LB cookies with the same keys. */
@Tag("slow")
class FleetTest extends GatewayScene {
  private static final String SECRET = Base64.getEncoder().encodeToString(new byte[32]);
  private static final String COOKIE_KEY = "1:" + SECRET;

  @Test
  void appCookiesThatOneLearns_areKnownToTheOther() throws Exception {
    try (RedisProcess redis = RedisProcess.running()) {
      assertShare(start(sharing(redis)), closing(sharing(redis).start()));
    }
  }

  @Test
  void gatewaysForWebFluxAndWebMvc_shareSessions() throws Exception {
    try (RedisProcess redis = RedisProcess.running()) {
      assertShare(start(sharing(redis).onServlets()), closing(sharing(redis).start()));
    }
  }

  private void assertShare(TestGateway first, TestGateway second) throws Exception {
    List<RawClient> atSecond = new ArrayList<>();
    List<String> homes = new ArrayList<>();
    awaitRedis(first);
    awaitRedis(second);
    for (int i = 0; i < 10; i++) {
      homes.add(ask(newClient(first), RawBackend.setCookie("JSESSIONID=1A" + i + "; Path=/")));
      atSecond.add(newClient(second).withCookie("JSESSIONID", "1A" + i));
    }

    for (int i = 0; i < 10; i++) {
      assertStays(atSecond.get(i), homes.get(i));
    }

    assertThat(homes).contains("b1", "b2");
    assertThat(stats(second).count(Outcome.KEPT)).isEqualTo(40);
  }

  @Test
  void requestsGoOnWithoutRedis() throws Exception {
    RedisProcess redis = RedisProcess.running();
    TestGateway first = start(sharing(redis));
    awaitRedis(first);
    RawClient client = newClient();
    String home = ask(client, RawBackend.setCookie("JSESSIONID=1A; Path=/"));

    redis.close();

    assertStays(client, home);
    ask(newClient().withCookie("JSESSIONID", "unknown"));
  }

  @Test
  void lbCookies_areKnownToGatewaysWithTheSameKeys() throws Exception {
    start(TestGateway.listed(backends()).with("limpet.cookie-keys", COOKIE_KEY));
    RawClient client = newClient();
    String home = ask(client);
    TestGateway second = closing(
        TestGateway.listed(backends()).with("limpet.cookie-keys", COOKIE_KEY).start());
    TestGateway stranger = closing(TestGateway.listed(backends()).start());

    RawClient sameAtSecond = newClient(second);
    client.cookies().forEach(sameAtSecond::withCookie);
    assertStays(sameAtSecond, home);

    assertThat(stats(second).count(Outcome.KEPT)).isEqualTo(4);
    RawClient sameAtStranger = newClient(stranger);
    client.cookies().forEach(sameAtStranger::withCookie);
    ask(sameAtStranger);
    assertThat(stats(stranger).count(Outcome.NEW)).isOne();
  }

  @Test
  void keySecret_makesTheKeysOfCookiesToo() throws Exception {
    start(TestGateway.listed(backends()).with("limpet.key-secret", SECRET));
    RawClient client = newClient();
    String home = ask(client);
    TestGateway second =
        closing(TestGateway.listed(backends()).with("limpet.key-secret", SECRET).start());

    RawClient sameAtSecond = newClient(second);
    client.cookies().forEach(sameAtSecond::withCookie);

    assertStays(sameAtSecond, home);
    assertThat(stats(second).count(Outcome.KEPT)).isEqualTo(4);
  }

  private TestGateway.Settings sharing(RedisProcess redis) {
    return TestGateway.listed(backends())
        .with("limpet.key-secret", SECRET)
        .pool("sticky-session.type", "app-cookie")
        .pool("sticky-session.cookie-name", "JSESSIONID")
        .pool("shared-table.redis", "redis://127.0.0.1:" + redis.port())
        .pool("shared-table.deadline", "1s");
  }

  /** Waits until a gateway has told Redis of a session. */
  private void awaitRedis(TestGateway of) throws Exception {
    RawClient probe = newClient(of);
    await("unavailable", 0L, () -> {
      long before = unavailable(of);
      ask(probe.withCookie("JSESSIONID", "probe" + System.nanoTime()));
      return unavailable(of) - before;
    });
  }

  private static long unavailable(TestGateway of) {
    return stats(of).count(Reason.STORE_UNAVAILABLE);
  }

  private static RouterStats stats(TestGateway of) {
    return Objects.requireNonNull(of.context().getBean(LimpetPools.class).router(TestGateway.POOL))
        .stats();
  }
}
