package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two gateways that share a table. */
@Timeout(60)
class SharedSessionsTest {
  private static final String SECRET = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  private static final int SESSIONS = 12;
  private static final Duration DEADLINE = Duration.ofMillis(200);

  @TempDir
  private Path folder;

  private final List<AutoCloseable> open = new ArrayList<>();
  private TestRedis redis;
  private TestBackend[] backends;

  @BeforeEach
  void start() throws Exception {
    redis = opened(new TestRedis());
    backends = new TestBackend[] {
      opened(TestBackend.login("b1")),
      opened(TestBackend.login("b2")),
      opened(TestBackend.login("b3"))
    };
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {TestGateway.SOURCE_IP, TestGateway.APP_COOKIE})
  void aSessionOfOneGateway_isFoundByAnother(String sticky) throws Exception {
    TestGateway one = connected(sticky);
    TestGateway other = connected(sticky);
    List<Client> clients = sessionsAt("b2", one);

    for (Client client : clients) {
      assertThat(client.at(other.port()).body()).isEqualTo("b2");
      assertThat(client.at(one.port()).body()).isEqualTo("b2");
    }
  }

  @Test
  void aSessionByParameter_isFoundByAnotherGateway() throws Exception {
    String sticky = "stickySession: {type: query, parameter: cart}";
    TestGateway one = connected(sticky);
    TestGateway other = connected(sticky);
    for (int cart = 0; cart < 12; cart++) {
      String request = "GET /?cart=" + cart + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
      String home = new Client(one.port()).exchange(request);

      assertThat(body(new Client(other.port()).exchange(request))).isEqualTo(body(home));
    }
  }

  private static String body(String response) {
    return response.substring(response.indexOf("\r\n\r\n"));
  }

  @Test
  void aSessionThatMoved_isFoundWhereItIsNow() throws Exception {
    TestGateway one = connected(TestGateway.SOURCE_IP);
    TestGateway other = connected(TestGateway.SOURCE_IP);
    List<Client> clients = sessionsAt("b2", one);
    List<String> homes = new ArrayList<>();
    one.pool().change(pool -> pool.down("b2"));
    for (Client client : clients) {
      homes.add(client.body());
    }
    assertThat(homes).doesNotContain("b2");
    for (int i = 0; i < clients.size(); i++) {
      assertThat(clients.get(i).at(other.port()).body()).isEqualTo(homes.get(i));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {TestGateway.SOURCE_IP, TestGateway.APP_COOKIE})
  void withoutRedis_whatAGatewayKnowsGoesOn_andIsSharedAgainLater(String sticky) throws Exception {
    TestGateway one = connected(sticky);
    TestGateway other = connected(sticky);
    List<Client> clients = sessionsAt("b2", one);
    for (Client client : clients) {
      assertThat(client.at(other.port()).body()).isEqualTo("b2");
    }

    redis.kill();
    for (Client client : clients) {
      assertThat(client.body()).isEqualTo("b2");
      assertThat(client.at(other.port()).body()).isEqualTo("b2");
    }
    Wait.until(() -> lost(one) == 1 && lost(other) == 1);

    redis.start();
    Wait.until(() -> there(one) == 2 && there(other) == 2);
    TestGateway third = connected(sticky);
    for (Client client : clients) {
      assertThat(client.body()).isEqualTo("b2");
    }
    for (Client client : clients) {
      Wait.until(() -> client.at(third.port()).body().equals("b2"));
    }
  }

  @Test
  void startedWithoutRedis_itServesByHash_asAllGatewaysDo() throws Exception {
    redis.kill();
    TestGateway one = started(TestGateway.SOURCE_IP);
    TestGateway other = started(TestGateway.SOURCE_IP);
    Wait.until(() -> lost(one) == 1);
    for (int i = 0; i < SESSIONS; i++) {
      Client client = one.client();
      String home = client.body();
      assertThat(client.at(other.port()).body()).isEqualTo(home);
      assertThat(client.body()).isEqualTo(home);
    }
    assertThat(there(one)).isZero();

    redis.start();

    Wait.until(() -> there(one) == 1);
    assertThat(lost(one)).isEqualTo(1);
  }

  /** D-49 and D-51, at the gateway. */
  @Test
  void whileRedisSaysNothing_noRequestFailsOrWaitsForLong() throws Exception {
    TestGateway one = connected(TestGateway.SOURCE_IP);
    TestGateway other = connected(TestGateway.SOURCE_IP);
    redis.freeze();
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Client client = one.client();
      long start = System.nanoTime();
      String home = client.body();
      waits.add(System.nanoTime() - start);
      assertThat(client.at(other.port()).body()).isEqualTo(home);
    }
    assertMostDoNotWait(waits);

    redis.thaw();

    Wait.until(() -> {
      String home = sessionsAt("b3", one, 1).get(0).at(other.port()).body();
      return home.equals("b3");
    });
  }

  private static void assertMostDoNotWait(List<Long> waits) {
    List<Long> sorted = waits.stream().sorted().toList();
    assertThat(sorted.get(waits.size() / 2)).isLessThan(DEADLINE.toNanos());
    assertThat(sorted.get(waits.size() * 9 / 10)).isLessThan(3 * DEADLINE.toNanos());
    assertThat(sorted.get(waits.size() - 1)).isLessThan(Wait.LONG.toNanos() / 2);
  }

  @Test
  void itsTableIsNotKept() throws Exception {
    String settings = TestGateway.SOURCE_IP + "\nsharedTable: {redis: \"" + redis.uri() + "\"}";
    TestConsole console;
    try (TestGateway gateway = started(settings, "tables: " + folder)) {
      console = gateway.console();
      gateway.client().body();
    }
    assertThat(console.said()).noneMatch(line -> line.contains("saved"));
    assertThat(folder).isEmptyDirectory();
  }

  private TestGateway connected(String sticky) throws Exception {
    TestGateway gateway = started(sticky);
    Wait.until(() -> there(gateway) == 1);
    return gateway;
  }

  private TestGateway started(String sticky) throws IOException {
    String table =
        "sharedTable: {redis: \"" + redis.uri() + "\", deadline: " + DEADLINE.toMillis() + "ms}";
    return opened(started(sticky + '\n' + table, ""));
  }

  private TestGateway started(String settings, String more) throws IOException {
    String yaml = TestGateway.yaml("http", "", settings, TestGateway.entries(backends));
    return TestGateway.of(yaml + "keySecret: " + SECRET + '\n' + more + '\n');
  }

  private static List<Client> sessionsAt(String backend, TestGateway gateway) throws IOException {
    return sessionsAt(backend, gateway, SESSIONS);
  }

  /** Sessions that began while no other backend took any, so that no hash tells where they are. */
  private static List<Client> sessionsAt(String backend, TestGateway gateway, int count)
      throws IOException {
    List<Client> clients = new ArrayList<>();
    drainOthers(gateway, backend, true);
    for (int i = 0; i < count; i++) {
      Client client = gateway.client();
      assertThat(client.body()).isEqualTo(backend);
      clients.add(client);
    }
    drainOthers(gateway, backend, false);
    return clients;
  }

  private static void drainOthers(TestGateway gateway, String backend, boolean drain) {
    gateway.pool().change(pool -> {
      for (String id : List.of("b1", "b2", "b3")) {
        if (drain && !id.equals(backend)) {
          pool.drain(id);
        } else {
          pool.ready(id);
        }
      }
    });
  }

  private static long lost(TestGateway gateway) {
    return gateway.console().complaints().stream()
        .filter(line -> line.startsWith("shared table of web: Redis is unreachable"))
        .count();
  }

  private static long there(TestGateway gateway) {
    return gateway.console().said().stream()
        .filter(line -> line.equals("shared table of web: Redis is reachable"))
        .count();
  }

  private <T extends AutoCloseable> T opened(T one) {
    open.add(one);
    return one;
  }
}
