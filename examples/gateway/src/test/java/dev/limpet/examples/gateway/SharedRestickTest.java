package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Outcome;
import dev.limpet.examples.gateway.config.ConfigReader;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.operate.Draining;
import dev.limpet.examples.gateway.operate.Edit;
import dev.limpet.examples.gateway.operate.Preview;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shared sessions while the stickiness of one gateway changes. */
@Timeout(60)
class SharedRestickTest {
  private static final String SECRET = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  private final List<AutoCloseable> open = new ArrayList<>();
  private TestRedis redis;
  private TestBackend[] backends;

  @BeforeEach
  void start() throws Exception {
    redis = opened(new TestRedis());
    backends = new TestBackend[] {opened(TestBackend.login("b1")), opened(TestBackend.login("b2"))};
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  @Test
  void anotherDuration_keepsTheSessionsOfTheStore_atBothGateways() throws Exception {
    TestGateway one = gateway("{type: source-ip}");
    TestGateway other = gateway("{type: source-ip}");
    List<Client> clients = new ArrayList<>();
    List<String> homes = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      clients.add(one.client());
      homes.add(clients.get(i).body());
    }
    GatewayConfig wanted = config("{type: source-ip, duration: 5m}");
    Preview.Effect preview = one.gateway().preview(wanted, "web");
    assertThat(preview.reinterpreted()).isEqualTo(8);
    assertThat(preview.notes()).contains("Each gateway of the fleet is changed by itself.");

    one.gateway().restick(wanted, List.of("web"));
    one.gateway().restick(config("{type: source-ip, duration: 7m}"), List.of("web"));

    for (int i = 0; i < 8; i++) {
      assertThat(clients.get(i).body()).isEqualTo(homes.get(i));
      assertThat(clients.get(i).at(other.port()).body()).isEqualTo(homes.get(i));
    }
    Client begun = one.client();
    assertThat(begun.body()).isEqualTo(begun.at(other.port()).body());
    assertThat(one.gateway().listeners().get("web").router().stats().count(Outcome.MOVED))
        .isZero();
    assertThat(preview.toString()).doesNotContain(redis.uri());
  }

  @Test
  void lbCookies_placeTheirSessionsInTheStore() throws Exception {
    TestGateway one = gateway("{type: source-ip}");
    TestGateway other = gateway("{type: source-ip}");
    one.gateway().restick(config("{type: lb-cookie}", ""), List.of("web"));
    Client session = one.client();
    String home = session.body();
    one.gateway().restick(config("{type: source-ip}"), List.of("web"));
    assertThat(session.body()).isEqualTo(home);
    Wait.until(() -> session.other().at(other.port()).body().equals(home));
  }

  @Test
  void whileRedisIsDown_aChangeKeepsTheSessionsThatThisGatewayKnows() throws Exception {
    TestGateway gateway = gateway("{type: source-ip}");
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      clients.add(gateway.sessionAt("b1"));
    }
    gateway.gateway().pool("web").change(edit -> edit.weight("b1", 0)); // a hash chooses b2
    redis.kill();

    gateway.gateway().restick(config("{type: source-ip, duration: 5m}"), List.of("web"));
    gateway.gateway().restick(config("{type: source-ip, duration: 7m}"), List.of("web"));

    for (Client client : clients) {
      assertThat(client.body()).isEqualTo("b1");
    }
    redis.start();
    TestGateway other = gateway("{type: source-ip}");
    for (Client client : clients) {
      assertThat(client.body()).isEqualTo("b1");
      Wait.until(() -> client.at(other.port()).body().equals("b1"));
    }
  }

  @Test
  void aDrain_countsTheSharedSessionsAfterAChange() throws Exception {
    TestGateway gateway = gateway("{type: source-ip}");
    gateway.sessionAt("b1");
    gateway.gateway().operations().change(new Edit.Drain("web", "b1", null, true), null, "me");

    gateway.gateway().restick(config("{type: source-ip, duration: 5m}"), List.of("web"));

    gateway.gateway().drains().advance();
    Draining drain = gateway.gateway().drains().drains().get(0);
    assertThat(drain.result()).isNull();
    assertThat(drain.sessions()).isPositive();
    assertThat(gateway.console().said()).noneMatch(line -> line.contains("is drained"));
  }

  private TestGateway gateway(String sticky) throws Exception {
    TestGateway gateway = opened(TestGateway.of(yaml(sticky, table())));
    Wait.until(() -> gateway.console().said().stream()
        .anyMatch("shared table of web: Redis is reachable"::equals));
    return gateway;
  }

  private GatewayConfig config(String sticky) {
    return config(sticky, table());
  }

  private GatewayConfig config(String sticky, String more) {
    return ConfigReader.source(yaml(sticky, more)).source().config();
  }

  private String table() {
    return "sharedTable: {redis: \"" + redis.uri() + "\", deadline: 200ms}";
  }

  private String yaml(String sticky, String more) {
    return TestGateway.yaml(
            "http", "", "stickySession: " + sticky + '\n' + more, TestGateway.entries(backends))
        + "keySecret: " + SECRET + '\n';
  }

  private <T extends AutoCloseable> T opened(T resource) {
    open.add(resource);
    return resource;
  }
}
