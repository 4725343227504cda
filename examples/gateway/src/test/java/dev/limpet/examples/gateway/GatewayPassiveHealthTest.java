package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.limpet.core.Ejection;
import dev.limpet.core.NanoClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Backends whose requests fail, as sessions see them. The time stands still unless a test moves it.
 */
@Timeout(60)
class GatewayPassiveHealthTest {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final AtomicLong nanos = new AtomicLong();
  private TestBackend b1;
  private TestBackend b2;
  private TestBackend b3;

  @BeforeEach
  void start() throws IOException {
    b1 = TestBackend.http("b1");
    b2 = TestBackend.http("b2");
    b3 = TestBackend.http("b3");
  }

  @AfterEach
  void stop() throws IOException {
    b1.close();
    b2.close();
    b3.close();
  }

  @Test
  void aDeadBackend_isTriedThreeTimesByNewSessions() throws Exception {
    AtomicInteger tried = new AtomicInteger();
    try (TestBackend dead = TestBackend.raw("b1", socket -> {
          tried.incrementAndGet();
          socket.setSoLinger(true, 0); // the handshake of TLS fails, which is a failed connect
        });
        TestGateway gateway = gateway(
            "http", TestGateway.LB_COOKIE, dead.entry("scheme: https"), b2.entry(), b3.entry())) {
      for (int i = 0; i < 300; i++) {
        assertThat(new Client(gateway.port()).get().status()).isEqualTo(200);
      }

      assertThat(tried).hasValue(3);
      assertThat(gateway.console().said())
          .filteredOn(line -> line.startsWith("backend web/b1 is ejected for "))
          .hasSize(1)
          .allMatch(line -> line.endsWith(" ms: connect"));
      nanos.addAndGet(2 * MINUTE);
      for (int i = 0; i < 30; i++) {
        assertThat(new Client(gateway.port()).get().status()).isEqualTo(200);
      }
      assertThat(tried).hasValue(4); // one probe
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "tcp"})
  void aBackendThatIsBack_isReadmittedByOneProbe(String protocol) throws Exception {
    try (TestGateway gateway =
        gateway(protocol, TestGateway.NOT_STICKY, b1.entry(), b2.entry(), b3.entry())) {
      b1.kill();
      for (int i = 0; i < 12; i++) {
        assertThat(new Client(gateway.port()).body()).isNotEqualTo("b1");
      }
      assertThat(ejection(gateway)).isNotNull();
      b1.revive();
      for (int i = 0; i < 6; i++) {
        assertThat(new Client(gateway.port()).body()).isNotEqualTo("b1");
      }

      nanos.addAndGet(2 * MINUTE);
      Wait.until(() -> new Client(gateway.port()).body().equals("b1"));

      Wait.until(() -> ejection(gateway) == null);
      assertThat(gateway.console().said()).contains("backend web/b1 is no longer ejected");
    }
  }

  @Test
  void aSilentBackend_isLeft() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    try (TestBackend silent = TestBackend.raw("b1", socket -> {
          Message.request(socket.getInputStream());
          asked.incrementAndGet();
          end.await();
        });
        TestGateway gateway =
            gateway("http", "responseTimeout: 1s", silent.entry(), b2.entry(), b3.entry())) {
      int late = 0;
      for (int i = 0; i < 30; i++) {
        late += (new Client(gateway.port()).get().status() == 504) ? 1 : 0;
      }

      assertThat(late).isEqualTo(3);
      assertThat(asked).hasValue(3);
      assertThat(ejection(gateway).cause()).hasToString("TIMEOUT");
    } finally {
      end.countDown();
    }
  }

  @Test
  void aBackendThatAnswersNoSyn_isLeft() throws Exception {
    InetAddress here = InetAddress.getLoopbackAddress();
    List<Socket> queued = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, here)) {
      assumeTrue(fill(full, queued), "this system answers although the queue is full");
      String silent = "{id: b1, address: \"127.0.0.1:" + full.getLocalPort() + "\"}";
      try (TestGateway gateway =
          gateway("http", TestGateway.NOT_STICKY, silent, b2.entry(), b3.entry())) {
        for (int status : statusesAtOnce(9, gateway)) {
          assertThat(status).isEqualTo(200);
        }

        assertThat(ejection(gateway).cause()).hasToString("CONNECT");
        for (int i = 0; i < 9; i++) {
          assertThat(new Client(gateway.port()).body()).isNotEqualTo("b1");
        }
      }
    } finally {
      for (Socket socket : queued) {
        socket.close();
      }
    }
  }

  private static List<Integer> statusesAtOnce(int clients, TestGateway gateway) {
    List<CompletableFuture<Integer>> all = Stream.generate(() -> new Client(gateway.port()))
        .limit(clients)
        .map(client ->
            CompletableFuture.supplyAsync(() -> status(client), work -> new Thread(work).start()))
        .toList();
    return all.stream().map(CompletableFuture::join).toList();
  }

  private static int status(Client client) {
    try {
      return client.get().status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fills the queue of a server that accepts nothing. Returns whether it is silent then. */
  private static boolean fill(ServerSocket server, List<Socket> queued) throws IOException {
    for (int i = 0; i < 8; i++) {
      Socket socket = new Socket();
      queued.add(socket);
      try {
        socket.connect(server.getLocalSocketAddress(), 200);
      } catch (SocketTimeoutException silent) {
        return true;
      }
    }
    return false;
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void aBackendThatHangsUpOnNewConnections_isLeft(String method) throws Exception {
    try (TestBackend hangsUp =
            TestBackend.raw("b1", socket -> Message.request(socket.getInputStream()));
        TestGateway gateway =
            gateway("http", TestGateway.NOT_STICKY, hangsUp.entry(), b2.entry(), b3.entry())) {
      int lost = 0;
      for (int i = 0; i < 30; i++) {
        Client client = new Client(gateway.port());
        Message got = method.equals("GET") ? client.get() : client.post("x");
        lost += (got.status() == 502) ? 1 : 0;
      }

      assertThat(lost).isEqualTo(3);
      assertThat(ejection(gateway).cause()).hasToString("RESET_BEFORE_RESPONSE");
    }
  }

  @Test
  void idleConnectionsThatABackendCloses_areNoFailures() throws Exception {
    try (TestBackend once = TestBackend.raw("b1", socket -> {
          Message.request(socket.getInputStream());
          TestBackend.say(socket, TestBackend.ok("b1")); // does not announce the close
          Message.request(socket.getInputStream());
        });
        TestGateway gateway =
            gateway("http", TestGateway.NOT_STICKY, once.entry(), b2.entry(), b3.entry())) {
      for (int i = 0; i < 30; i++) {
        assertThat(new Client(gateway.port()).get().status()).isEqualTo(200);
      }

      assertThat(ejection(gateway)).isNull();
    }
  }

  @Test
  void statuses_areNoFailures() throws Exception {
    try (TestBackend refuses =
            TestBackend.http("b1", request -> "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
        TestGateway gateway =
            gateway("http", TestGateway.NOT_STICKY, refuses.entry(), b2.entry(), b3.entry())) {
      for (int i = 0; i < 30; i++) {
        new Client(gateway.port()).get();
      }

      assertThat(ejection(gateway)).isNull();
    }
  }

  @Test
  void aClientThatLeaves_isNoFailureOfItsBackend() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger asked = new AtomicInteger();
    try (TestBackend slow = TestBackend.raw("b1", socket -> {
          Message.request(socket.getInputStream());
          asked.incrementAndGet();
          end.await();
        });
        TestGateway gateway =
            gateway("http", TestGateway.NOT_STICKY, slow.entry(), b2.entry("weight: 0"))) {
      for (int i = 1; i <= 6; i++) {
        int wanted = i;
        try (var socket = new Client(gateway.port()).connect()) {
          TestBackend.say(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
          Wait.until(() -> asked.get() == wanted);
        }
      }
      Wait.until(() -> gateway.connections("b1") == 0);

      assertThat(ejection(gateway)).isNull();
    } finally {
      end.countDown();
    }
  }

  @Test
  void aHealthCheckByHttp_endsAnEjection() throws Exception {
    AtomicInteger checks = new AtomicInteger();
    try (TestBackend odd = TestBackend.raw("b1", socket -> {
          Message request = Message.request(socket.getInputStream());
          if (request != null && request.startLine().startsWith("GET /health ")) {
            checks.incrementAndGet();
            TestBackend.say(socket, TestBackend.ok("fine"));
          }
        });
        TestGateway gateway = gateway(
            "http",
            "healthCheck: {path: /health, interval: 200ms}",
            odd.entry(),
            b2.entry(),
            b3.entry())) {
      for (int i = 0; i < 9; i++) {
        new Client(gateway.port()).get();
      }
      Wait.until(() -> gateway.console().said().contains("backend web/b1 is no longer ejected"));
      assertThat(gateway.console().said()).noneMatch(line -> line.endsWith("b1 is up"));
    }
  }

  @Test
  void aHealthCheckByTcp_endsNoEjection() throws Exception {
    try (TestBackend hangsUp =
            TestBackend.raw("b1", socket -> Message.head(socket.getInputStream()));
        TestGateway gateway = gateway(
            "http", "healthCheck: {interval: 20ms}", hangsUp.entry(), b2.entry(), b3.entry())) {
      for (int i = 0; i < 12; i++) {
        new Client(gateway.port()).get();
      }
      int before = hangsUp.connections();
      Wait.until(() -> hangsUp.connections() > before + 3);

      assertThat(ejection(gateway)).isNotNull();
    }
  }

  @Test
  void passiveHealth_canBeTurnedOff() throws Exception {
    try (TestGateway gateway = gateway(
        "http", "passiveHealth: false\nfailover: strict", b1.entry(), b2.entry(), b3.entry())) {
      b1.kill();
      for (int i = 0; i < 30; i++) {
        assertThat(new Client(gateway.port()).get().status()).isEqualTo(200);
      }

      assertThat(ejection(gateway)).isNull();
    }
  }

  @Test
  void strictSessionsOfAnEjectedBackend_areRefused() throws Exception {
    try (TestGateway gateway = gateway(
        "http",
        TestGateway.LB_COOKIE + "\nfailover: strict\npassiveHealth: {failures: 1}",
        b1.entry(),
        b2.entry(),
        b3.entry())) {
      Client client = gateway.sessionAt("b1");
      b1.kill();
      assertThat(client.get().body())
          .isEqualTo("the backend of this session cannot serve it: cannot connect\n");

      assertThat(client.get().body())
          .isEqualTo("the backend of this session cannot serve it: it is ejected after failures\n");
    }
  }

  @Test
  void grace_sessionsAreLentAndReturn() throws Exception {
    try (TestGateway gateway = gateway(
        "http",
        TestGateway.LB_COOKIE + "\npassiveHealth: {failures: 1, grace: 1h}",
        b1.entry(),
        b2.entry(),
        b3.entry())) {
      Client client = gateway.sessionAt("b1");
      b1.kill();
      new Client(gateway.port()).get();
      Wait.until(() -> {
        new Client(gateway.port()).get();
        return ejection(gateway) != null;
      });
      assertThat(client.body()).isNotEqualTo("b1");
      b1.revive();
      nanos.addAndGet(2 * MINUTE);

      Wait.until(() -> client.body().equals("b1"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void returnToEarlierTier_sessionsLeaveTheSpare(boolean returns) throws Exception {
    try (TestGateway gateway = gateway(
        "http",
        TestGateway.LB_COOKIE + "\nreturnToEarlierTier: " + returns,
        b1.entry(),
        b2.entry("tier: 1"))) {
      gateway.pool().change(edit -> edit.down("b1"));
      Client client = gateway.sessionAt("b2");
      gateway.pool().change(edit -> edit.up("b1"));

      assertThat(client.body()).isEqualTo(returns ? "b1" : "b2");
    }
  }

  private static Ejection ejection(TestGateway gateway) {
    return gateway.pool().snapshot().member("b1").ejection();
  }

  private TestGateway gateway(String protocol, String settings, String... entries)
      throws IOException {
    NanoClock clock = nanos::get;
    return TestGateway.of(
        TestGateway.yaml(protocol, "", settings, List.of(entries)),
        new Clocks(clock, InstantSource.system()));
  }
}
