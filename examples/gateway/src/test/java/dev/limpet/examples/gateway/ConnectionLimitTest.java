package dev.limpet.examples.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends that take so many requests or connections at a time, through the gateway. */
@Timeout(30)
class ConnectionLimitTest {
  private static final String WEBSOCKET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n"
      + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  private static final String SWITCHING =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

  private static final String POST_OF_TEN =
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01";

  private final CountDownLatch released = new CountDownLatch(1);

  private static TestGateway gateway(String protocol, String settings, TestBackend... backends)
      throws IOException {
    return TestGateway.of(TestGateway.yaml(
        protocol,
        "",
        settings,
        Arrays.stream(backends).map(b -> b.entry("maxConnections: 1")).toList()));
  }

  private static void untilFree(TestGateway gateway, String id) throws Exception {
    Wait.until(() -> gateway.connections(id) == 0);
  }

  /** Answers a POST when it is released, and all else at once. */
  private TestBackend slow(String id) throws IOException {
    return TestBackend.http(id, request -> {
      if (request.head().startsWith("POST")) {
        Wait.until(released);
      }
      return TestBackend.ok(id);
    });
  }

  private static Thread posting(Client client) {
    Thread thread = new Thread(() -> {
      try {
        client.post("x");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
    thread.start();
    return thread;
  }

  @Test
  void sessionOfAFullBackend_isLentAndComesBack() throws Exception {
    try (TestBackend b1 = slow("b1");
        TestBackend b2 = TestBackend.http("b2");
        TestGateway gateway = gateway("http", TestGateway.LB_COOKIE + "\nfailover: lend", b1, b2)) {
      Client client = gateway.sessionAt("b1");
      untilFree(gateway, "b1");
      Thread busy = posting(client);
      Wait.until(() -> gateway.connections("b1") == 1);

      Message lent = client.get();
      assertThat(lent.body()).isEqualTo("b2");
      assertThat(lent.fields("set-cookie")).isEmpty();
      released.countDown();
      busy.join();
      untilFree(gateway, "b1");
      assertThat(client.body()).isEqualTo("b1");
    }
  }

  @Test
  void noConnectionLeft_is503() throws Exception {
    try (TestBackend b1 = slow("b1");
        TestGateway gateway = gateway("http", TestGateway.LB_COOKIE, b1)) {
      Thread busy = posting(gateway.client());
      Wait.until(() -> gateway.connections("b1") == 1);

      Message refused = gateway.client().get();
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.body())
          .isEqualTo("no backend can serve this request: no connection is left\n");
      released.countDown();
      busy.join();
      untilFree(gateway, "b1");
      assertThat(gateway.client().body()).isEqualTo("b1");
    }
  }

  @Test
  void clientThatGoesAway_givesItsConnectionBack() throws Exception {
    try (TestBackend b1 = slow("b1");
        TestGateway gateway = gateway("http", TestGateway.LB_COOKIE, b1)) {
      try (Socket socket = gateway.client().connect()) {
        TestBackend.say(socket, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
        Wait.until(() -> gateway.connections("b1") == 1);
      }
      untilFree(gateway, "b1");
      released.countDown();
    }
  }

  @Test
  void backendThatBreaks_hasItsConnectionBack() throws Exception {
    try (TestBackend b1 = TestBackend.http("b1", request -> "nonsense\r\n\r\n");
        TestGateway gateway = gateway("http", TestGateway.LB_COOKIE, b1)) {
      for (int i = 0; i < 3; i++) {
        assertThat(gateway.client().get().status()).isEqualTo(502);
        untilFree(gateway, "b1");
      }
    }
  }

  @Test
  void requestThatIsAnsweredBeforeItsBody_countsUntilItsBodyHasEnded() throws Exception {
    CompletableFuture<String> body = new CompletableFuture<>();
    try (TestBackend b1 = hasty("b1", body);
        TestGateway gateway = gateway("http", TestGateway.NOT_STICKY, b1);
        Socket socket = gateway.client().connect()) {
      TestBackend.say(socket, POST_OF_TEN);
      assertThat(Client.response(socket, "POST").body()).isEqualTo("ok");
      assertThat(gateway.client().get().status()).isEqualTo(503);
      assertThat(gateway.connections("b1")).isEqualTo(1);

      TestBackend.say(socket, "23456789");
      assertThat(body.get(5, TimeUnit.SECONDS)).isEqualTo("0123456789");
      untilFree(gateway, "b1");
      TestBackend.say(socket, POST_OF_TEN + "23456789");
      assertThat(Client.response(socket, "POST").body()).isEqualTo("ok");
      untilFree(gateway, "b1");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void clientThatGoesAwayBeforeItsBodyHasEnded_takesTheBackendsConnectionWithIt(boolean reset)
      throws Exception {
    CompletableFuture<String> body = new CompletableFuture<>();
    try (TestBackend b1 = hasty("b1", body);
        TestGateway gateway = gateway("http", TestGateway.NOT_STICKY, b1)) {
      Socket socket = gateway.client().connect();
      TestBackend.say(socket, POST_OF_TEN);
      assertThat(Client.response(socket, "POST").body()).isEqualTo("ok");
      assertThat(gateway.client().get().status()).isEqualTo(503);
      socket.setSoLinger(reset, 0);
      socket.close();
      untilFree(gateway, "b1");
      assertThat(body.get(5, TimeUnit.SECONDS)).isEqualTo("01");
    }
  }

  @Test
  void clientThatNeverSendsItsBody_isClosedAndItsConnectionComesBack() throws Exception {
    CompletableFuture<String> body = new CompletableFuture<>();
    try (TestBackend b1 = hasty("b1", body);
        TestGateway gateway = TestGateway.of(TestGateway.yaml(
            "http",
            "clientTimeout: 300ms",
            TestGateway.NOT_STICKY,
            List.of(b1.entry("maxConnections: 1"))));
        Socket socket = gateway.client().connect()) {
      TestBackend.say(socket, POST_OF_TEN);
      assertThat(Client.all(socket)).endsWith("ok");
      untilFree(gateway, "b1");
      assertThat(body.get(5, TimeUnit.SECONDS)).isEqualTo("01");
    }
  }

  @Test
  void backendThatClosesBeforeItHasTheBody_hasItsConnectionBack() throws Exception {
    try (TestBackend b1 = TestBackend.raw("b1", socket -> {
          Message.head(socket.getInputStream());
          TestBackend.say(socket, TestBackend.ok("ok"));
          Wait.until(released);
        });
        TestGateway gateway = gateway("http", TestGateway.NOT_STICKY, b1);
        Socket socket = gateway.client().connect()) {
      TestBackend.say(socket, POST_OF_TEN);
      assertThat(Client.response(socket, "POST").body()).isEqualTo("ok");
      assertThat(gateway.connections("b1")).isEqualTo(1);
      released.countDown();
      untilFree(gateway, "b1");
    }
  }

  /** Answers each request before its body of ten, which it reads then, as much as there is. */
  private static TestBackend hasty(String id, CompletableFuture<String> body) throws IOException {
    return TestBackend.raw(id, socket -> {
      while (Message.head(socket.getInputStream()) != null) {
        TestBackend.say(socket, TestBackend.ok("ok"));
        body.complete(new String(socket.getInputStream().readNBytes(10), ISO_8859_1));
      }
    });
  }

  /** The connections of the two clients are of different event loops. */
  @Test
  void place_isFreeBeforeTheClientHasItsAnswer() throws Exception {
    try (TestBackend b1 = TestBackend.http("b1");
        TestBackend b2 = TestBackend.http("b2");
        TestGateway gateway = gateway("http", TestGateway.LB_COOKIE, b1, b2)) {
      Client client = gateway.sessionAt("b1");
      try (Socket one = client.connect();
          Socket two = client.connect()) {
        String get = "GET / HTTP/1.1\r\nHost: a\r\n" + client.cookieField() + "\r\n";
        for (int i = 0; i < 500; i++) {
          Socket socket = (i % 2 == 0) ? one : two;
          TestBackend.say(socket, get);
          Message answer = Client.response(socket, "GET");
          assertThat(answer.body()).as("request %d", i).isEqualTo("b1");
          assertThat(answer.fields("set-cookie")).isEmpty();
        }
      }
    }
  }

  @Test
  void webSocket_countsUntilItIsClosed() throws Exception {
    try (TestBackend b1 = TestBackend.raw("b1", socket -> {
          Message.head(socket.getInputStream());
          TestBackend.say(socket, SWITCHING);
          socket.getInputStream().readAllBytes();
        });
        TestGateway gateway = gateway("http", TestGateway.LB_COOKIE, b1)) {
      try (Socket socket = gateway.client().connect()) {
        TestBackend.say(socket, WEBSOCKET);
        assertThat(Message.head(socket.getInputStream())).startsWith("HTTP/1.1 101");
        assertThat(gateway.client().get().status()).isEqualTo(503);
        assertThat(gateway.connections("b1")).isEqualTo(1);
      }
      untilFree(gateway, "b1");
    }
  }

  @Test
  void tcpConnection_countsUntilItIsClosed() throws Exception {
    try (TestBackend b1 = TestBackend.raw(
            "b1", socket -> socket.getInputStream().transferTo(socket.getOutputStream()));
        TestGateway gateway = gateway("tcp", TestGateway.SOURCE_IP, b1)) {
      try (Socket socket = gateway.client().connect()) {
        TestBackend.say(socket, "a");
        assertThat(socket.getInputStream().read()).isEqualTo('a');
        assertThat(gateway.client().exchange("b")).isEmpty();
        assertThat(gateway.connections("b1")).isEqualTo(1);
      }
      untilFree(gateway, "b1");
      try (Socket socket = gateway.client().connect()) {
        TestBackend.say(socket, "c");
        assertThat(socket.getInputStream().read()).isEqualTo('c');
      }
    }
  }
}
