package dev.limpet.examples.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.GoAway;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of connections when the gateway stops. */
@Timeout(60)
class StopTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String UPGRADE =
      "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  private static final String SWITCHING =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
  private static final String LONG = "1h"; // longer than any test
  private static final String SHORT = "300ms";

  private final CountDownLatch goOn = new CountDownLatch(1);

  @AfterEach
  void release() {
    goOn.countDown();
  }

  @Test
  void aRequestUnderWay_isAnswered_andNoConnectionIsAccepted() throws Exception {
    try (TestBackend backend = waiting();
        TestGateway gateway = gateway("http", LONG, backend);
        Socket asking = gateway.client().connect()) {
      TestBackend.say(asking, GET);
      Wait.until(LIMIT, () -> !backend.requests().isEmpty());

      CompletableFuture<Void> stopped = stop(gateway);

      Wait.until(LIMIT, () -> isRefused(gateway));
      assertThat(stopped).isNotDone();
      goOn.countDown();
      Message answer = Client.response(asking, "GET");
      assertThat(answer.body()).isEqualTo("b1");
      assertThat(answer.fields("connection")).containsExactly("close");
      assertClosed(asking);
      stopped.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void aResponseThatHasBegun_ends_andItsConnectionCloses() throws Exception {
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          Message.head(socket.getInputStream());
          TestBackend.say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc");
          Wait.until(goOn);
          TestBackend.say(socket, "def");
          socket.getInputStream().read();
        });
        TestGateway gateway = gateway("http", LONG, backend);
        Socket asking = gateway.client().connect()) {
      TestBackend.say(asking, GET);
      assertThat(Message.head(asking.getInputStream())).startsWith("HTTP/1.1 200");
      assertThat(asking.getInputStream().readNBytes(3)).isEqualTo("abc".getBytes(ISO_8859_1));
      CompletableFuture<Void> stopped = stop(gateway);
      Wait.until(LIMIT, () -> isRefused(gateway));
      goOn.countDown();
      assertThat(Client.all(asking)).isEqualTo("def");
      stopped.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void aRequestThatTakesLonger_isClosedAtTheTimeout() throws Exception {
    try (TestBackend backend = waiting();
        TestGateway gateway = gateway("http", SHORT, backend);
        Socket asking = gateway.client().connect()) {
      TestBackend.say(asking, GET);
      Wait.until(LIMIT, () -> !backend.requests().isEmpty());
      stop(gateway).get(30, TimeUnit.SECONDS);
      assertClosed(asking);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", GET, "GET / HTTP/1.1\r\nHost"})
  void anIdleConnection_isClosedAtOnce(String before) throws Exception {
    try (TestBackend backend = TestBackend.http("b1");
        TestGateway gateway = gateway("http", LONG, backend);
        Socket idle = gateway.client().connect()) {
      TestBackend.say(idle, before);
      if (before.equals(GET)) {
        assertThat(Client.response(idle, "GET").body()).isEqualTo("b1");
      }
      stop(gateway).get(30, TimeUnit.SECONDS);
      assertClosed(idle);
    }
  }

  @Test
  void aRequestInAPipeline_isNotServedAfterTheLastResponse() throws Exception {
    try (TestBackend backend = waiting();
        TestGateway gateway = gateway("http", LONG, backend);
        Socket asking = gateway.client().connect()) {
      TestBackend.say(asking, GET + GET);
      Wait.until(LIMIT, () -> !backend.requests().isEmpty());
      CompletableFuture<Void> stopped = stop(gateway);
      Wait.until(LIMIT, () -> isRefused(gateway));
      goOn.countDown();
      Message last = Client.response(asking, "GET");
      assertThat(last.fields("connection")).containsExactly("close");
      assertClosed(asking);
      stopped.get(30, TimeUnit.SECONDS);
      assertThat(backend.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "tcp"})
  void aTunnel_goesOnUntilItCloses(String protocol) throws Exception {
    try (TestBackend backend = echo();
        TestGateway gateway = gateway(protocol, LONG, backend);
        Socket socket = gateway.client().connect()) {
      open(socket, protocol);
      CompletableFuture<Void> stopped = stop(gateway);
      Wait.until(LIMIT, () -> isRefused(gateway));
      for (int i = 0; i < 10; i++) {
        assertThat(echoed(socket)).isEqualTo('x');
      }
      assertThat(stopped).isNotDone();
      socket.shutdownOutput();
      assertClosed(socket);
      stopped.get(30, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "tcp"})
  void aTunnel_isClosedAtTheTimeout(String protocol) throws Exception {
    try (TestBackend backend = echo();
        TestGateway gateway = gateway(protocol, SHORT, backend);
        Socket socket = gateway.client().connect()) {
      open(socket, protocol);
      stop(gateway).get(30, TimeUnit.SECONDS);
      assertClosed(socket);
    }
  }

  @Test
  void withoutTime_everythingIsClosedAtOnce() throws Exception {
    try (TestBackend backend = echo();
        TestGateway gateway = gateway("tcp", "0s", backend);
        Socket socket = gateway.client().connect()) {
      open(socket, "tcp");
      stop(gateway).get(30, TimeUnit.SECONDS);
      assertClosed(socket);
      Wait.until(LIMIT, () -> isRefused(gateway));
    }
  }

  @Test
  void clientsThatReadNothing_doNotKeepItFromStopping() throws Exception {
    byte[] much = new byte[1 << 20];
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          Message.head(socket.getInputStream());
          TestBackend.say(socket, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          while (true) {
            TestBackend.say(socket, "100000\r\n" + new String(much, ISO_8859_1) + "\r\n");
          }
        });
        TestGateway gateway = gateway("http", SHORT, backend);
        Socket deaf = gateway.client().connect()) {
      TestBackend.say(deaf, GET);
      assertThat(deaf.getInputStream().read()).isEqualTo('H');
      stop(gateway).get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void http2_streamsUnderWayEnd_afterGoAway() throws Exception {
    try (TestBackend backend = waiting();
        TestGateway gateway = gateway("http", LONG, backend);
        Http2Client client = new Http2Client()) {
      HttpClientRequest request = await(client.request(HttpMethod.GET, gateway, "/"));
      Promise<GoAway> goAway = Promise.promise();
      Promise<Void> closed = Promise.promise();
      request.connection().goAwayHandler(goAway::tryComplete);
      request.connection().closeHandler(closed::tryComplete);
      Future<String> body =
          request.send().compose(response -> response.body().map(Object::toString));
      Wait.until(LIMIT, () -> !backend.requests().isEmpty());

      CompletableFuture<Void> stopped = stop(gateway);

      assertThat(await(goAway.future()).getErrorCode()).isZero();
      Wait.until(LIMIT, () -> isRefused(gateway));
      assertThat(stopped).isNotDone();
      goOn.countDown();
      assertThat(await(body)).isEqualTo("b1");
      await(closed.future());
      stopped.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void http2_aStreamAfterGoAway_isNotServed() throws Exception {
    try (TestBackend backend = waiting();
        TestGateway gateway = gateway("http", LONG, backend);
        Socket socket = gateway.client().connect()) {
      TestBackend.say(socket, Http2Frames.PREFACE + Http2Frames.get(1));
      Wait.until(LIMIT, () -> !backend.requests().isEmpty());
      CompletableFuture<Void> stopped = stop(gateway);
      Http2Frames.await(socket.getInputStream(), Http2Frames.GOAWAY);
      TestBackend.say(socket, Http2Frames.get(3));
      goOn.countDown();
      Client.all(socket);
      stopped.get(30, TimeUnit.SECONDS);
      assertThat(backend.requests()).hasSize(1);
    }
  }

  @Test
  void http2_anIdleConnection_isClosedAtOnce() throws Exception {
    try (TestBackend backend = TestBackend.http("b1");
        TestGateway gateway = gateway("http", LONG, backend);
        Socket socket = gateway.client().connect()) {
      TestBackend.say(socket, Http2Frames.PREFACE + Http2Frames.get(1));
      Http2Frames.await(socket.getInputStream(), Http2Frames.HEADERS);
      Http2Frames.await(socket.getInputStream(), Http2Frames.DATA);
      stop(gateway).get(30, TimeUnit.SECONDS);
      Http2Frames.await(socket.getInputStream(), Http2Frames.GOAWAY);
      assertClosed(socket);
    }
  }

  /** A backend that answers with its id once the test goes on. */
  private TestBackend waiting() throws IOException {
    return TestBackend.http("b1", request -> {
      Wait.until(goOn);
      return TestBackend.ok("b1");
    });
  }

  /** A backend that switches protocols if it is asked to, and then sends everything back. */
  private static TestBackend echo() throws IOException {
    return TestBackend.raw("b1", socket -> {
      int first = socket.getInputStream().read();
      if (first == 'G') {
        Message.head(socket.getInputStream());
        TestBackend.say(socket, SWITCHING);
      } else {
        socket.getOutputStream().write(first);
      }
      socket.getInputStream().transferTo(socket.getOutputStream());
    });
  }

  private static void open(Socket socket, String protocol) throws IOException {
    if (protocol.equals("http")) {
      TestBackend.say(socket, UPGRADE);
      assertThat(Message.head(socket.getInputStream())).startsWith("HTTP/1.1 101");
    }
    assertThat(echoed(socket)).isEqualTo('x');
  }

  private static int echoed(Socket socket) throws IOException {
    TestBackend.say(socket, "x");
    return socket.getInputStream().read();
  }

  private static TestGateway gateway(String protocol, String stopTimeout, TestBackend backend)
      throws IOException {
    String yaml = TestGateway.yaml(protocol, "", TestGateway.NOT_STICKY, List.of(backend.entry()));
    return TestGateway.of(yaml.replace("stopTimeout: 0s", "stopTimeout: " + stopTimeout));
  }

  private static CompletableFuture<Void> stop(TestGateway gateway) {
    return CompletableFuture.runAsync(gateway::close);
  }

  /**
   * The kernel lets a listening socket go when its event loop next looks at its sockets, soon after
   * it was closed.
   */
  private static boolean isRefused(TestGateway gateway) throws IOException {
    try {
      gateway.client().connect().close();
      return false;
    } catch (SocketException refused) {
      return true;
    }
  }

  /** Waits until the gateway closes a connection, having sent nothing more. */
  private static void assertClosed(Socket socket) {
    try {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    } catch (IOException reset) {
      assertThat(reset).isInstanceOf(SocketException.class);
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }
}
