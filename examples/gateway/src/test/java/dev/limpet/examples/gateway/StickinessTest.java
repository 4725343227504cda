package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions reach one backend, and new ones are spread by weight. */
@Timeout(30)
class StickinessTest {
  private static final int CYCLES = 10;
  private static final Map<String, Integer> BY_WEIGHT = Map.of("b1", 50, "b2", 30, "b3", 20);

  private List<TestBackend> backends;

  @BeforeEach
  void start() throws IOException {
    backends = List.of(TestBackend.login("b1"), TestBackend.login("b2"), TestBackend.login("b3"));
  }

  @AfterEach
  void stop() throws IOException {
    for (TestBackend backend : backends) {
      backend.close();
    }
  }

  @Test
  void lbCookie_200RequestsReachOneBackend_newSessionsByWeight() throws Exception {
    try (TestGateway gateway = http(TestGateway.LB_COOKIE)) {
      assertSticky(gateway, new Client(gateway.port()));
    }
  }

  @Test
  void appCookie_200RequestsReachOneBackend_newSessionsByWeight() throws Exception {
    try (TestGateway gateway = http(TestGateway.APP_COOKIE)) {
      assertSticky(gateway, new Client(gateway.port()));
    }
  }

  @Test
  void sourceIp_200ConnectionsReachOneBackend_newAddressesByWeight() throws Exception {
    try (TestGateway gateway =
        TestGateway.of(TestGateway.yaml("tcp", "", TestGateway.SOURCE_IP, weighted(backends)))) {
      Client client = new Client(gateway.port(), "127.0.9.9");
      String home = client.body();

      Map<String, Integer> spread = new TreeMap<>();
      for (int i = 0; i < 10 * CYCLES; i++) {
        Client other = new Client(gateway.port(), "127.0.1." + (i + 1));
        String first = other.body();
        spread.merge(first, 1, Integer::sum);
        assertThat(other.body()).isEqualTo(first);
        assertThat(client.body()).isEqualTo(home);
        assertThat(client.body()).isEqualTo(home);
      }

      assertThat(spread).isEqualTo(BY_WEIGHT);
    }
  }

  @Test
  void sourceIp_atLayer7InTheOpenProfile() throws Exception {
    try (TestGateway gateway = http(TestGateway.SOURCE_IP)) {
      Map<String, Integer> spread = new TreeMap<>();
      for (int i = 0; i < CYCLES; i++) {
        Client client = new Client(gateway.port(), "127.0.2." + (i + 1));
        String home = client.other().body();
        spread.merge(home, 1, Integer::sum);
        assertThat(client.other().body()).isEqualTo(home);
      }
      assertThat(spread).isEqualTo(Map.of("b1", 5, "b2", 3, "b3", 2));
    }
  }

  @Test
  void notSticky_requestsTakeTurns() throws Exception {
    try (TestGateway gateway = http(TestGateway.NOT_STICKY)) {
      Client client = new Client(gateway.port());
      Map<String, Integer> spread = new TreeMap<>();
      for (int i = 0; i < 10 * CYCLES; i++) {
        Message response = client.get();
        spread.merge(response.body(), 1, Integer::sum);
      }
      assertThat(spread).isEqualTo(BY_WEIGHT);
      assertThat(client.cookie("limpet-web")).isNull();
    }
  }

  @Test
  void sourceIpHash_oneBackendPerAddressWithoutASession() throws Exception {
    try (TestGateway gateway = http("algorithm: source-ip-hash")) {
      Map<String, Integer> spread = new TreeMap<>();
      for (int i = 0; i < 100; i++) {
        Client client = new Client(gateway.port(), "127.0.3." + (i + 1));
        String home = client.body();
        spread.merge(home, 1, Integer::sum);
        assertThat(client.other().body()).isEqualTo(home);
      }
      assertThat(spread.keySet()).containsExactly("b1", "b2", "b3");
    }
  }

  @Test
  void twoListenersOfOnePool_shareItsSessions() throws Exception {
    String listeners = """
        profile: open
        listeners:
          - {name: one, protocol: http, port: 0, pool: web}
          - {name: two, protocol: http, port: 0, pool: web}
        pools:
          - name: web
            stickySession: {type: source-ip}
            backends: [%s]
        """.formatted(String.join(", ", weighted(backends)));
    try (TestGateway gateway = TestGateway.of(listeners)) {
      for (int i = 0; i < CYCLES; i++) {
        String address = "127.0.4." + (i + 1);
        assertThat(new Client(gateway.port("two"), address).body())
            .isEqualTo(new Client(gateway.port("one"), address).body());
      }
    }
  }

  /** Among the requests of one session, new sessions come. */
  private static void assertSticky(TestGateway gateway, Client client) throws IOException {
    String home = client.body();
    Map<String, Integer> spread = new TreeMap<>(Map.of(home, 1));
    for (int i = 1; i < 10 * CYCLES; i++) {
      Client other = client.other();
      String first = other.body();
      spread.merge(first, 1, Integer::sum);
      assertThat(other.body()).isEqualTo(first);
      assertThat(client.body()).isEqualTo(home);
      assertThat(client.body()).isEqualTo(home);
    }
    assertThat(spread).isEqualTo(BY_WEIGHT);
    assertThat(gateway.console().complaints()).isEmpty();
  }

  private TestGateway http(String settings) throws IOException {
    return TestGateway.of(TestGateway.yaml("http", "", settings, weighted(backends)));
  }

  private static List<String> weighted(List<TestBackend> backends) {
    int[] weights = {5, 3, 2};
    return IntStream.range(0, weights.length)
        .mapToObj(i -> backends.get(i).entry("weight: " + weights[i]))
        .toList();
  }
}
