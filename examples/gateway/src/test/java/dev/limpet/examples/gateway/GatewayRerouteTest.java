package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that a first backend does not answer. */
@Timeout(30)
class GatewayRerouteTest {
  private static final String EMPTY = "Content-Length: 0";

  @Test
  void failedConnect_goesElsewhereWithItsBody() throws Exception {
    try (TestBackend b1 = TestBackend.refusing("b1");
        TestBackend b2 = TestBackend.refusing("b2");
        TestBackend b3 = TestBackend.http("b3");
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, b1, b2, b3)) {
      String body = "x".repeat(100_000);
      for (int i = 0; i < 3; i++) {
        assertThat(new Client(gateway.port())
                .exchange("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n"
                    + "Connection: close\r\n\r\n" + body))
            .startsWith("HTTP/1.1 200")
            .endsWith("b3");
        assertThat(b3.last().body()).isEqualTo(body);
      }
    }
  }

  @Test
  void failedConnect_theCookieNamesTheBackendThatAnswered() throws Exception {
    try (TestBackend b1 = TestBackend.refusing("b1");
        TestBackend b2 = TestBackend.http("b2");
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, b1, b2)) {
      List<Client> clients = List.of(gateway.client(), gateway.client());
      for (Client client : clients) {
        assertThat(client.body()).isEqualTo("b2");
      }
      b1.revive();
      for (Client client : clients) {
        Message kept = client.get();
        assertThat(kept.body()).isEqualTo("b2");
        assertThat(kept.fields("set-cookie")).isEmpty();
      }
    }
  }

  @Test
  void connectTimeout_goesElsewhere() throws Exception {
    List<Socket> waiting = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1);
        TestBackend b2 = TestBackend.http("b2")) {
      fill(full, waiting);
      String entry = "{id: b1, address: \"127.0.0.1:" + full.getLocalPort() + "\"}";
      try (TestGateway gateway = TestGateway.of(
          TestGateway.yaml("http", "", TestGateway.NOT_STICKY, List.of(entry, b2.entry())))) {
        Client client = new Client(gateway.port());
        assertThat(client.body()).isEqualTo("b2");
        assertThat(client.body()).isEqualTo("b2");
      }
    } finally {
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "DELETE"})
  void keptAliveConnectionClosed_requestWithoutBodyIsSentThereAgain(String method)
      throws Exception {
    AtomicInteger unanswered = new AtomicInteger();
    try (TestBackend b1 = answersOnce("b1", () -> {
          unanswered.incrementAndGet();
          return "";
        });
        TestBackend b2 = TestBackend.http("b2");
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, b1, b2)) {
      Client client = gateway.sessionAt("b1");
      for (int i = 0; i < 10; i++) {
        Message kept = client.send(method, EMPTY);
        assertThat(kept.body()).isEqualTo("b1");
        assertThat(kept.fields("set-cookie")).isEmpty();
      }
      assertThat(unanswered).hasPositiveValue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST", "DELETE"})
  void keptAliveConnectionClosedByABackendThatIsGone_requestWithoutBodyGoesElsewhere(String method)
      throws Exception {
    try (TestBackend b1 = TestBackend.http("b1");
        TestBackend b2 = TestBackend.http("b2");
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, b1, b2)) {
      Client client = gateway.sessionAt("b1");
      b1.kill();
      Message moved = client.send(method, EMPTY);
      assertThat(moved.body()).isEqualTo("b2");
      assertThat(moved.fields("set-cookie")).hasSize(1);
      assertThat(client.body()).isEqualTo("b2");
    }
  }

  @Test
  void keptAliveConnectionClosed_requestWithBodyIs502() throws Exception {
    AtomicReference<String> then = new AtomicReference<>("");
    try (TestBackend b1 = answersOnce("b1", then::get);
        TestBackend b2 = TestBackend.http("b2");
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, b1, b2)) {
      Client client = gateway.sessionAt("b1");
      int before = b2.requests().size();
      Message answer = atAUsedConnection(() -> client.post("hi"));
      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.fields("set-cookie")).isEmpty();
      assertThat(b2.requests()).hasSize(before);
      then.set(TestBackend.ok("b1"));
      assertThat(client.body()).isEqualTo("b1");
    }
  }

  @Test
  void keptAliveConnectionClosedWithinTheResponse_is502() throws Exception {
    try (TestBackend b1 = answersOnce("b1", () -> "HTTP/1.1 2");
        TestBackend b2 = TestBackend.http("b2");
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, b1, b2)) {
      Client client = gateway.sessionAt("b1");
      int before = b2.requests().size();
      assertThat(atAUsedConnection(client::get).status()).isEqualTo(502);
      assertThat(b2.requests()).hasSize(before);
    }
  }

  @Test
  void freshConnectionClosedWithoutAnAnswer_is502() throws Exception {
    try (TestBackend b1 = TestBackend.raw("b1", socket -> Message.head(socket.getInputStream()));
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, b1)) {
      Message answer = new Client(gateway.port()).get();
      assertThat(answer.status()).isEqualTo(502);
      assertThat(answer.body())
          .isEqualTo("the backend closed the connection or sent a bad response\n");
      assertThat(answer.fields("set-cookie")).isEmpty();
      assertThat(b1.connections()).isEqualTo(1);
    }
  }

  @Test
  void badResponse_is502() throws Exception {
    try (TestBackend b1 = TestBackend.http("b1", request -> "nonsense\r\n\r\n");
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, b1)) {
      assertThat(new Client(gateway.port()).get().status()).isEqualTo(502);
      assertThat(b1.requests()).hasSize(1);
    }
  }

  @Test
  void connectionToABackend_isUsedAgain() throws Exception {
    try (TestBackend b1 = TestBackend.http("b1");
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, b1)) {
      for (int i = 0; i < 20; i++) {
        assertThat(new Client(gateway.port()).get().status()).isEqualTo(200);
      }
      assertThat(b1.connections()).isLessThan(10); // some may be on their way back to the pool
    }
  }

  @Test
  void clientThatGoesAway_closesTheBackendsConnection() throws Exception {
    CompletableFuture<String> begun = new CompletableFuture<>();
    CountDownLatch closed = new CountDownLatch(1);
    try (TestBackend b1 = TestBackend.raw("b1", socket -> {
          InputStream in = socket.getInputStream();
          begun.complete(Message.head(in));
          if (in.read() < 0) {
            closed.countDown();
          }
        });
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, b1)) {
      Socket socket = new Client(gateway.port()).connect();
      TestBackend.say(socket, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      begun.get(5, TimeUnit.SECONDS);
      socket.close();
      assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(b1.connections()).isEqualTo(1);
    }
  }

  /**
   * The answer to a request on a connection that b1 has answered before. The gateway may take a
   * fresh one while the used one is on its way back to its pool.
   */
  private static Message atAUsedConnection(Callable<Message> request) throws Exception {
    Message answer = request.call();
    for (int i = 0; i < 20 && answer.body().equals("b1"); i++) {
      answer = request.call();
    }
    return answer;
  }

  /**
   * Answers the first request of a connection, and says something else to the second before it
   * closes.
   */
  private static TestBackend answersOnce(String id, Supplier<String> then) throws IOException {
    return TestBackend.raw(id, socket -> {
      Message.head(socket.getInputStream());
      TestBackend.say(socket, TestBackend.ok(id));
      Message.head(socket.getInputStream());
      TestBackend.say(socket, then.get());
    });
  }

  private static void fill(ServerSocket server, List<Socket> waiting) throws IOException {
    try {
      for (int i = 0; i < 8; i++) {
        Socket socket = new Socket();
        waiting.add(socket);
        socket.connect(server.getLocalSocketAddress(), 200);
      }
    } catch (SocketTimeoutException full) {
      // no more connect
    }
  }
}
