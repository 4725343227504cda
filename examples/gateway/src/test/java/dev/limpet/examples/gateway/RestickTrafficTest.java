package dev.limpet.examples.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Outcome;
import dev.limpet.core.RouterStats;
import dev.limpet.examples.gateway.config.ConfigReader;
import dev.limpet.examples.gateway.config.GatewayConfig;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traffic and open connections while stickiness changes. */
@Timeout(90)
class RestickTrafficTest {
  private static final int EDITS = 100;
  private static final int EDITORS = 4;
  private static final int USERS = 6;
  private static final String SECRET = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  @TempDir
  private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"source-ip", "app-cookie, cookieName: SID", "lb-cookie"})
  void aHundredConcurrentEditsOfADuration_loseNoSession(String type) throws Exception {
    List<String> settings = new ArrayList<>();
    for (int minutes : new int[] {20, 7, 60, 33}) {
      settings.add("{type: " + type + ", duration: " + minutes + "m}");
    }
    loseNoSession(settings);
  }

  @Test
  void aHundredConcurrentEditsOfTheType_loseNoSession() throws Exception {
    loseNoSession(List.of(
        "{type: lb-cookie}",
        "{type: app-cookie, cookieName: SID}",
        "{type: lb-cookie}",
        "{type: prefix-cookie, cookieName: OTHER}"));
  }

  private static void loseNoSession(List<String> settings) throws Exception {
    try (TestBackend b1 = TestBackend.login("b1");
        TestBackend b2 = TestBackend.login("b2");
        TestGateway gateway = TestGateway.of(yaml(settings.get(0), b1, b2))) {
      AtomicBoolean over = new AtomicBoolean();
      List<Callable<Integer>> users = new ArrayList<>();
      for (int i = 0; i < USERS; i++) {
        Client client = gateway.client();
        String home = client.body();
        users.add(() -> stay(client, home, over));
      }
      ExecutorService threads = Executors.newFixedThreadPool(USERS + EDITORS);
      try {
        List<Future<Integer>> staying = users.stream().map(threads::submit).toList();
        edit(gateway, settings, threads, b1, b2);
        over.set(true);
        long requests = USERS;
        for (Future<Integer> user : staying) {
          requests += user.get(30, TimeUnit.SECONDS);
        }
        RouterStats stats = gateway.gateway().listeners().get("web").router().stats();
        assertThat(stats.count(Outcome.MOVED)).isZero();
        assertThat(stats.count(Outcome.HASHED)).isZero();
        assertThat(stats.requests()).isEqualTo(requests);
      } finally {
        threads.shutdownNow();
      }
    }
  }

  private static int stay(Client client, String home, AtomicBoolean over) throws IOException {
    int requests = 0;
    while (!over.get()) {
      assertThat(client.body()).isEqualTo(home);
      requests++;
    }
    return requests;
  }

  private static void edit(
      TestGateway gateway, List<String> settings, ExecutorService threads, TestBackend... backends)
      throws Exception {
    AtomicInteger edits = new AtomicInteger();
    List<Future<?>> editors = new ArrayList<>();
    for (int i = 0; i < EDITORS; i++) {
      editors.add(threads.submit(() -> {
        for (int edit = edits.getAndIncrement(); edit < EDITS; edit = edits.getAndIncrement()) {
          String sticky = settings.get(edit % settings.size());
          gateway.gateway().restick(config(yaml(sticky, backends)), List.of("web"));
        }
      }));
    }
    for (Future<?> editor : editors) {
      editor.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void anOpenWebSocket_outlivesChangesAndKeepsItsSession() throws Exception {
    try (TestBackend b1 = echo("b1");
        TestBackend b2 = echo("b2");
        TestGateway gateway = TestGateway.of(yaml("{type: source-ip}", b1, b2))) {
      Client client = gateway.client();
      try (Socket socket = client.connect()) {
        TestBackend.say(
            socket,
            "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + "\r\n");
        String head = Message.head(socket.getInputStream());
        assertThat(head).startsWith("HTTP/1.1 101");
        String home = head.substring(head.indexOf("X-Id: ") + 6, head.indexOf("X-Id: ") + 8);

        gateway
            .gateway()
            .restick(config(yaml("{type: source-ip, duration: 5m}", b1, b2)), List.of("web"));
        gateway.gateway().restick(config(yaml("{type: lb-cookie}", b1, b2)), List.of("web"));
        gateway.gateway().restick(config(yaml("{type: source-ip}", b1, b2)), List.of("web"));

        TestBackend.say(socket, "ping");
        assertThat(socket.getInputStream().readNBytes(4)).asString().isEqualTo("ping");
        assertThat(gateway.connections(home)).isEqualTo(1);
      }
      Wait.until(() -> gateway.connections("b1") + gateway.connections("b2") == 0);
    }
  }

  private static TestBackend echo(String id) throws IOException {
    return TestBackend.raw(id, socket -> {
      Message.head(socket.getInputStream());
      TestBackend.say(
          socket,
          WebSocketTest.SWITCHING.replaceFirst("\r\n\r\n$", "\r\nX-Id: " + id + "\r\n\r\n"));
      socket.getInputStream().transferTo(socket.getOutputStream());
    });
  }

  @Test
  void tcpSessions_stayAndOpenConnectionsGoOn() throws Exception {
    try (TestBackend b1 = talker("b1");
        TestBackend b2 = talker("b2");
        TestGateway gateway = TestGateway.of(tcp("{type: source-ip}", b1, b2))) {
      Client client = gateway.client();
      try (Socket open = client.connect()) {
        String home = hello(open);
        gateway
            .gateway()
            .restick(config(tcp("{type: source-ip, duration: 5m}", b1, b2)), List.of("web"));
        for (int i = 0; i < 4; i++) {
          try (Socket again = client.connect()) {
            assertThat(hello(again)).isEqualTo(home);
          }
        }
        TestBackend.say(open, "ping");
        assertThat(open.getInputStream().readNBytes(4)).asString().isEqualTo("ping");
      }
    }
  }

  private static TestBackend talker(String id) throws IOException {
    return TestBackend.raw(id, socket -> {
      TestBackend.say(socket, id);
      socket.getInputStream().transferTo(socket.getOutputStream());
    });
  }

  private static String hello(Socket socket) throws IOException {
    return new String(socket.getInputStream().readNBytes(2), UTF_8);
  }

  private static String tcp(String sticky, TestBackend... backends) {
    return TestGateway.yaml("tcp", "", "stickySession: " + sticky, TestGateway.entries(backends));
  }

  @Test
  void inTheProfileClassic_oneListenerChangesAndTheOtherStays() throws Exception {
    try (TestBackend b1 = TestBackend.login("b1");
        TestBackend b2 = TestBackend.login("b2");
        TestGateway gateway = TestGateway.of(classic("lb-cookie", b1, b2))) {
      Client one = gateway.client();
      Client other = one.other().at(gateway.port("other"));
      final String home = one.body();
      final String otherHome = other.body();

      gateway.gateway().restick(config(classic("lb-cookie, duration: 5m", b1, b2)), List.of("web"));

      assertThat(one.body()).isEqualTo(home);
      assertThat(other.body()).isEqualTo(otherHome);
      assertThat(gateway
              .gateway()
              .listeners()
              .get("web")
              .router()
              .affinity()
              .session()
              .duration())
          .hasMinutes(5);
      assertThat(gateway
              .gateway()
              .listeners()
              .get("other")
              .router()
              .affinity()
              .session()
              .duration())
          .hasMinutes(20);
    }
  }

  private static String classic(String sticky, TestBackend... backends) {
    return """
        profile: classic
        stopTimeout: 0s
        listeners:
          - {name: web, protocol: http, port: 0, pool: web, stickySession: {type: %s}}
          - {name: other, protocol: http, port: 0, pool: web, stickySession: {type: lb-cookie}}
        pools:
          - {name: web, algorithm: weighted-round-robin, backends: [%s]}
        """.formatted(sticky, String.join(", ", TestGateway.entries(backends)));
  }

  @Test
  void afterAChange_thePresentTableIsSaved() throws Exception {
    String kept = "keySecret: " + SECRET + "\ntables: " + folder + "\n";
    try (TestBackend b1 = TestBackend.login("b1");
        TestBackend b2 = TestBackend.login("b2")) {
      String now = yaml("{type: source-ip, duration: 30m}", b1, b2) + kept;
      List<String> homes = new ArrayList<>();
      List<Client> clients = new ArrayList<>();
      try (TestGateway before = TestGateway.of(yaml("{type: source-ip}", b1, b2) + kept)) {
        for (int i = 0; i < 5; i++) {
          clients.add(before.client());
          homes.add(clients.get(i).body());
        }
        before.gateway().restick(config(now), List.of("web"));
      }
      try (TestGateway after = TestGateway.of(now)) {
        assertThat(after.console().said())
            .contains("table web: 5 sessions restored, 0 expired, 0 left out");
        for (int i = 0; i < 5; i++) {
          assertThat(clients.get(i).at(after.port()).body()).isEqualTo(homes.get(i));
        }
      }
    }
  }

  @Test
  void metrics_countOnOverChanges() throws Exception {
    String admin = "admin: {port: 0}\n";
    try (TestBackend b1 = TestBackend.login("b1");
        TestBackend b2 = TestBackend.login("b2");
        TestGateway gateway = TestGateway.of(yaml("{type: lb-cookie}", b1, b2) + admin)) {
      Client client = gateway.client();
      List<String> types =
          List.of("{type: source-ip}", "{type: lb-cookie, duration: 5m}", "{type: lb-cookie}");
      client.body();
      double requests = 1;
      double issued = 1;
      for (String sticky : types) {
        gateway.gateway().restick(config(yaml(sticky, b1, b2) + admin), List.of("web"));
        client.body();
        requests++;
        Samples samples = scrape(gateway);
        assertThat(samples.sum("limpet_router_requests_total")).isEqualTo(requests);
        double now = samples.sum("limpet_responses_issued_tokens_total");
        assertThat(now).isGreaterThanOrEqualTo(issued);
        issued = now;
      }
    }
  }

  private static Samples scrape(TestGateway gateway) throws IOException {
    return Samples.of(new Client(gateway.gateway().adminPort())
        .exchange("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .split("\r\n\r\n", 2)[1]);
  }

  private static GatewayConfig config(String yaml) {
    return ConfigReader.source(yaml).source().config();
  }

  private static String yaml(String sticky, TestBackend... backends) {
    return TestGateway.yaml("http", "", "stickySession: " + sticky, TestGateway.entries(backends));
  }
}
