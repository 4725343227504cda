package dev.limpet.examples.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** WebSockets through the gateway. */
@Timeout(30)
class WebSocketTest {
  static final String SWITCHING =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

  @Test
  void sessionThatBeginsWithAWebSocket_isOneWithItsRequests() throws Exception {
    try (TestBackend b1 = switching("b1");
        TestBackend b2 = switching("b2");
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, b1, b2)) {
      for (int i = 0; i < 4; i++) {
        Client client = new Client(gateway.port());
        String home;
        try (Socket socket = client.connect()) {
          home = upgrade(client, socket);
        }
        assertThat(client.cookie("limpet-web")).isNotNull();
        for (int use = 0; use < 3; use++) {
          Message kept = client.get();
          assertThat(kept.body()).isEqualTo(home);
          assertThat(kept.fields("set-cookie")).isEmpty();
        }
        try (Socket socket = client.connect()) {
          assertThat(upgrade(client, socket)).isEqualTo(home);
        }
      }
    }
  }

  @Test
  void webSocketOfASession_reachesItsBackendAndCarriesNoCookie() throws Exception {
    try (TestBackend b1 = switching("b1");
        TestBackend b2 = switching("b2");
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, b1, b2)) {
      Client client = gateway.sessionAt("b2");
      for (int i = 0; i < 4; i++) {
        try (Socket socket = client.connect()) {
          assertThat(upgrade(client, socket)).isEqualTo("b2");
        }
      }
      assertThat(b2.last().head()).doesNotContainIgnoringCase("cookie");
      assertThat(b2.last().field("x-forwarded-for")).startsWith("127.0.77.");
    }
  }

  @Test
  void failedConnect_theWebSocketGoesElsewhere() throws Exception {
    try (TestBackend b1 = TestBackend.refusing("b1");
        TestBackend b2 = switching("b2");
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, b1, b2)) {
      for (int i = 0; i < 2; i++) {
        Client client = new Client(gateway.port());
        try (Socket socket = client.connect()) {
          assertThat(upgrade(client, socket)).isEqualTo("b2");
        }
      }
    }
  }

  @Test
  void frames_passBothWays() throws Exception {
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          String key =
              new Message(Message.head(socket.getInputStream()), "").field("sec-websocket-key");
          TestBackend.say(socket, SWITCHING.replaceFirst("(?<=Accept: ).*", accept(key)));
          byte[] frame = socket.getInputStream().readNBytes(2 + 4 + 2); // a masked text of two
          byte[] echo = {(byte) 0x81, 2, unmask(frame, 0), unmask(frame, 1)};
          socket.getOutputStream().write(echo);
          socket.getInputStream().read();
        });
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, backend)) {
      CompletableFuture<String> echo = new CompletableFuture<>();
      WebSocket webSocket = HttpClient.newHttpClient()
          .newWebSocketBuilder()
          .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + "/ws"), listener(echo))
          .get(5, TimeUnit.SECONDS);
      webSocket.sendText("hi", true).get(5, TimeUnit.SECONDS);
      assertThat(echo.get(5, TimeUnit.SECONDS)).isEqualTo("hi");
      webSocket.abort();
    }
  }

  @Test
  void refusedUpgrade_passesWholeAndTheConnectionGoesOn() throws Exception {
    try (TestBackend backend = TestBackend.http(
            "b1",
            request -> "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\n"
                + "Content-Length: 4\r\n\r\nnope");
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, backend)) {
      Client client = new Client(gateway.port());
      try (Socket socket = client.connect()) {
        for (int i = 0; i < 3; i++) {
          TestBackend.say(socket, upgradeRequest(client));
          Message refused = client.keep(Client.response(socket, "GET"));
          assertThat(refused.status()).isEqualTo(401);
          assertThat(refused.field("www-authenticate")).isEqualTo("Basic");
          assertThat(refused.body()).isEqualTo("nope");
          assertThat(refused.fields("set-cookie")).hasSize(i == 0 ? 1 : 0);
        }
      }
    }
  }

  @Test
  void slowClient_pausesTheBackend_andItsEndReachesIt() throws Exception {
    AtomicLong written = new AtomicLong();
    CountDownLatch ended = new CountDownLatch(1);
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          Message.head(socket.getInputStream());
          TestBackend.say(socket, SWITCHING + "FIRST");
          try {
            Flow.pour(socket, written);
          } finally {
            ended.countDown();
          }
        });
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, backend)) {
      Client client = new Client(gateway.port());
      Socket socket = client.connect();
      TestBackend.say(socket, upgradeRequest(client));
      assertThat(Message.head(socket.getInputStream())).startsWith("HTTP/1.1 101");
      assertThat(socket.getInputStream().readNBytes(5)).isEqualTo("FIRST".getBytes(ISO_8859_1));
      assertThat(Wait.untilSteady(written::get)).isLessThan(40_000_000);
      socket.close();
      assertThat(ended.await(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void clientThatResetsWhileItIsPaused_closesTheBackendsConnection() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    AtomicLong written = new AtomicLong();
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          Message.head(socket.getInputStream());
          TestBackend.say(socket, SWITCHING);
          Flow.trickle(socket, closed);
        });
        TestGateway gateway = TestGateway.of(TestGateway.yaml(
            "http", "", TestGateway.LB_COOKIE, List.of(backend.entry("maxConnections: 1"))))) {
      Client client = new Client(gateway.port());
      Socket socket = client.connect();
      TestBackend.say(socket, upgradeRequest(client));
      assertThat(Message.head(socket.getInputStream())).startsWith("HTTP/1.1 101");
      Thread writer = Flow.pouring(socket, written);
      Wait.untilSteady(written::get);
      assertThat(gateway.connections("b1")).isEqualTo(1);
      socket.setSoLinger(true, 0);
      socket.close();
      writer.join();
      try {
        assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
        Wait.until(() -> gateway.connections("b1") == 0);
      } finally {
        backend.kill(); // else the gateway cannot close either
      }
    }
  }

  @Test
  void backendThatCloses_closesTheClientsConnectionAndCountsNoMore() throws Exception {
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          Message.head(socket.getInputStream());
          TestBackend.say(socket, SWITCHING + "LAST");
        });
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, backend)) {
      Client client = new Client(gateway.port());
      try (Socket socket = client.connect()) {
        TestBackend.say(socket, upgradeRequest(client));
        assertThat(Message.head(socket.getInputStream())).startsWith("HTTP/1.1 101");
        assertThat(Client.all(socket)).isEqualTo("LAST");
        Wait.until(() -> gateway.connections("b1") == 0);
      }
    }
  }

  /** Upgrades, and returns what the backend says first. */
  private static String upgrade(Client client, Socket socket) throws IOException {
    TestBackend.say(socket, upgradeRequest(client));
    Message response = new Message(Message.head(socket.getInputStream()), "");
    assertThat(response.startLine()).startsWith("HTTP/1.1 101");
    assertThat(response.field("upgrade")).isEqualToIgnoringCase("websocket");
    client.keep(response);
    return new String(socket.getInputStream().readNBytes(2), ISO_8859_1);
  }

  static String upgradeRequest(Client client) {
    return "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
        + client.cookieField()
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  }

  /** A backend that answers an upgrade with its id in place of frames. */
  private static TestBackend switching(String id) throws IOException {
    return TestBackend.http(
        id, request -> request.fields("upgrade").isEmpty() ? TestBackend.ok(id) : SWITCHING + id);
  }

  private static WebSocket.Listener listener(CompletableFuture<String> text) {
    return new WebSocket.Listener() {
      @Override
      public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
        text.complete(data.toString());
        return null;
      }
    };
  }

  private static byte unmask(byte[] frame, int index) {
    return (byte) (frame[6 + index] ^ frame[2 + index]);
  }

  private static String accept(String key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1")
          .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
