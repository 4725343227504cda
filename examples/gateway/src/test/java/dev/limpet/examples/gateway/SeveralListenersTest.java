package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.examples.gateway.Streams.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listeners that share a port number, a client's port, or a pool. */
@Timeout(30)
class SeveralListenersTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  private static TestGateway gateway(
      List<String> listeners, String settings, TestBackend... backends) throws IOException {
    return TestGateway.of(yaml(listeners, settings, backends));
  }

  private static String yaml(List<String> listeners, String settings, TestBackend... backends) {
    return """
        profile: open
        listeners: [%s]
        pools:
          - name: web
            %s
            backends: [%s]
        """.formatted(
        String.join(", ", listeners), settings, String.join(", ", TestGateway.entries(backends)));
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0)) {
      return free.getLocalPort();
    }
  }

  private static Socket connect(int from, String host, int port) throws IOException {
    Socket socket = new Socket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), from));
    socket.connect(new InetSocketAddress(host, port));
    socket.setSoTimeout(10_000);
    return socket;
  }

  @Test
  void listenersOfOnePortNumber_trustTheirOwnSendersOnly() throws Exception {
    int port = freePort();
    try (TestBackend b1 = TestBackend.http("b1");
        TestGateway gateway = gateway(
            List.of(
                "{name: a, protocol: http, host: 127.0.0.1, port: " + port
                    + ", pool: web, proxyProtocol: [10.0.0.0/8]}",
                "{name: b, protocol: http, host: 127.0.0.2, port: " + port
                    + ", pool: web, proxyProtocol: [127.0.0.0/8]}",
                "{name: c, protocol: http, host: 127.0.0.3, port: " + port + ", pool: web}"),
            TestGateway.SOURCE_IP,
            b1)) {
      String claim = "PROXY TCP4 1.2.3.4 5.6.7.8 1000 80\r\n" + GET;

      assertThat(new Client(gateway.port("a")).exchange(claim)).isEmpty();
      assertThat(b1.requests()).isEmpty();
      try (Socket trusted = connect(0, "127.0.0.2", port);
          Socket plain = connect(0, "127.0.0.3", port)) {
        TestBackend.say(trusted, claim);
        assertThat(Client.response(trusted, "GET").body()).isEqualTo("b1");
        assertThat(b1.last().field("x-forwarded-for")).isEqualTo("1.2.3.4");
        TestBackend.say(plain, GET);
        assertThat(Client.response(plain, "GET").body()).isEqualTo("b1");
      }
    }
  }

  @Test
  void tcpListenerOfThePortNumberOfAnHttpListener_hasNoClientTimeout() throws Exception {
    int port = freePort();
    try (TestBackend echo = TestBackend.raw(
            "b1", socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
        TestGateway gateway = gateway(
            List.of(
                "{name: a, protocol: http, host: 127.0.0.1, port: " + port
                    + ", pool: web, clientTimeout: 300ms}",
                "{name: b, protocol: tcp, host: 127.0.0.2, port: " + port + ", pool: web}"),
            TestGateway.SOURCE_IP,
            echo);
        Socket talking = connect(0, "127.0.0.2", port)) {
      for (int i = 0; i < 2; i++) {
        try (Socket silent = new Client(gateway.port("a")).connect()) {
          assertThat(Client.all(silent)).isEmpty();
        }
        TestBackend.say(talking, "x");
        assertThat(talking.getInputStream().read()).isEqualTo('x');
      }
    }
  }

  @Test
  void connectionsOfOneClientPortToTwoListeners_areToldApart() throws Exception {
    CountDownLatch timeoutPassed = new CountDownLatch(1);
    try (TestBackend slow = TestBackend.http("b1", request -> {
          Wait.until(timeoutPassed);
          return TestBackend.ok("b1");
        });
        TestGateway gateway = gateway(
            List.of(
                "{name: a, protocol: http, port: 0, pool: web, clientTimeout: 300ms}",
                "{name: b, protocol: http, port: 0, pool: web, clientTimeout: 300ms}"),
            TestGateway.SOURCE_IP,
            slow);
        Socket asking = connect(0, "127.0.0.1", gateway.port("a"))) {
      try (Socket other = connect(asking.getLocalPort(), "127.0.0.1", gateway.port("b"))) {
        TestBackend.say(asking, GET);
        Wait.until(() -> !slow.requests().isEmpty());
        assertThat(Client.all(other)).isEmpty();
      }
      try (Socket silent = new Client(gateway.port("a")).connect()) {
        assertThat(Client.all(silent)).isEmpty();
      }
      timeoutPassed.countDown();
      assertThat(Client.response(asking, "GET").body()).isEqualTo("b1");
    }
  }

  @Test
  void listenersOfOnePool_shareItsQuota() throws Exception {
    Clocks standing = new Clocks(() -> 0, () -> Instant.EPOCH);
    try (TestBackend b1 = TestBackend.http("b1");
        TestBackend b2 = TestBackend.http("b2");
        TestBackend b3 = TestBackend.http("b3");
        TestGateway gateway = TestGateway.of(
            yaml(
                List.of(
                    "{name: a, protocol: http, port: 0, pool: web}",
                    "{name: b, protocol: http, port: 0, pool: web}"),
                "stickySession: {type: source-ip, quota: {newPerSecond: 10, percent: 100}}",
                b1,
                b2,
                b3),
            standing)) {
      List<String> homes = new ArrayList<>();
      List<String> again = new ArrayList<>();
      for (int i = 1; i <= 30; i++) {
        homes.add(new Client(gateway.port("a"), "127.0.66." + i).body());
      }
      for (int i = 1; i <= 30; i++) {
        again.add(new Client(gateway.port("b"), "127.0.66." + i).body());
      }
      assertThat(again).isEqualTo(homes);
    }
  }

  @Test
  void listenersOfOnePool_shareTheSessionsOfAnAppCookie() throws Exception {
    AtomicLong elapsed = new AtomicLong();
    try (TestBackend b1 = Streams.backend("b1");
        TestBackend b2 = Streams.backend("b2");
        TestGateway gateway = TestGateway.of(
            yaml(
                List.of(
                    "{name: web, protocol: http, port: 0, pool: web}",
                    "{name: b, protocol: http, port: 0, pool: web}"),
                TestGateway.APP_COOKIE,
                b1,
                b2),
            new Clocks(elapsed::get, () -> Instant.EPOCH.plusNanos(elapsed.get())))) {
      Client session = gateway.sessionAt("b1");
      gateway.pool().change(pool -> pool.drain("b1"));
      try (Socket stream = Streams.open(Kind.EVENTS, session, "b1")) {
        assertThat(session.at(gateway.port("b")).body()).isEqualTo("b1");

        elapsed.addAndGet(Duration.ofHours(1).toNanos());

        assertThat(session.at(gateway.port("b")).body()).isEqualTo("b1");
        assertThat(stream.isConnected()).isTrue();
      }
    }
  }

  @Test
  void inProfileClassic_eachListenerOfAPoolHasItsOwnSessions() throws Exception {
    String listener =
        "{name: %s, protocol: tcp, port: 0, pool: web, " + TestGateway.SOURCE_IP + "}";
    try (TestBackend b1 = TestBackend.http("b1");
        TestBackend b2 = TestBackend.http("b2");
        TestGateway gateway = TestGateway.of(yaml(
                List.of(listener.formatted("web"), listener.formatted("b")),
                "algorithm: weighted-round-robin",
                b1,
                b2)
            .replace("profile: open", "profile: classic"))) {
      Client session = gateway.sessionAt("b1");
      gateway.pool().change(pool -> pool.drain("b1"));

      assertThat(session.body()).isEqualTo("b1");
      assertThat(session.at(gateway.port("b")).body()).isEqualTo("b2");
    }
  }
}
