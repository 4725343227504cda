package dev.limpet.vertx;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.FaultException;
import dev.limpet.core.Pool;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.testkit.RawBackend;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.transport.Transport;
import java.net.ConnectException;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ClientGuardTest {
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n";

  private final ClientGuard guard = ClientGuard.over(Transport.NIO);
  private final Vertx vertx = Vertx.builder().withTransport(guard.transport()).build();
  private RawBackend backend;
  private Pool pool;

  @BeforeEach
  void start() throws Exception {
    backend = RawBackend.start("b1");
    pool = Pool.builder("web")
        .backends(List.of(backend.backend()))
        .countConnections()
        .build();
  }

  @AfterEach
  void close() throws Exception {
    TestServers.await(vertx.close());
    backend.close();
  }

  /** Serves HTTP by a guarded proxy. */
  private int http(Duration clientTimeout) throws Exception {
    HttpServerOptions options =
        StickyHttpProxy.serverOptions().setHost("127.0.0.1").setPort(-1);
    HttpRouter<HttpServerRequest, HttpServerResponse> router =
        HttpRouter.of(pool, LbCookieAffinity.builder(pool, new VertxAccess()).build());
    return TestServers.await(vertx
        .createHttpServer(guard.clientTimeout(options, clientTimeout))
        .requestHandler(
            StickyHttpProxy.builder(vertx, router).clientGuard(guard).build())
        .listen()
        .map(HttpServer::actualPort));
  }

  @Test
  void clientWithoutARequestUnderWay_isClosed() throws Exception {
    int port = http(SHORT);
    try (Socket waits = TestServers.send(port, GET + RawBackend.SILENT + "\r\n\r\n");
        Socket says = TestServers.send(port, "");
        Socket begins = TestServers.send(port, GET);
        Socket asks = TestServers.send(port, GET + "\r\n")) {
      TestServers.until(() -> backend.waiting() == 1);

      assertThat(TestServers.rest(says)).isEmpty();
      assertThat(TestServers.rest(begins)).isEmpty();
      assertThat(TestServers.rest(asks)).startsWith("HTTP/1.1 200 OK");

      backend.release();
      assertThat(TestServers.rest(waits)).startsWith("HTTP/1.1 200 OK");
    }
  }

  @Test
  void clientOfADomainSocket_hasNoLimit(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("s");
    HttpServerOptions options = StickyHttpProxy.serverOptions().setPort(-1);
    TestServers.await(vertx
        .createHttpServer(guard.clientTimeout(options, Duration.ofMillis(1)))
        .requestHandler(request -> vertx.setTimer(50, late -> request.response().end("fine")))
        .listen(SocketAddress.domainSocketAddress(file.toString())));

    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(file))) {
      client.write(ByteBuffer.wrap((GET + "\r\n").getBytes(ISO_8859_1)));
      assertThat(client.read(ByteBuffer.allocate(1000))).isPositive();
    }
  }

  @Test
  void stop_letsRequestsUnderWayEnd_andClosesTheRest() throws Exception {
    int port = http(Duration.ofSeconds(60));
    try (Socket waits = TestServers.send(port, GET + RawBackend.SILENT + "\r\n\r\n");
        Socket idles = TestServers.send(port, "")) {
      TestServers.until(() -> backend.waiting() == 1);
      CompletableFuture<Void> stopped =
          CompletableFuture.runAsync(() -> guard.stop(Duration.ofSeconds(20)));

      assertThat(TestServers.rest(idles)).isEmpty();
      assertThatThrownBy(() -> TestServers.send(port, "")).isInstanceOf(ConnectException.class);
      assertThat(stopped).isNotDone();

      backend.release();
      assertThat(TestServers.rest(waits))
          .startsWith("HTTP/1.1 200 OK")
          .containsIgnoringCase("connection: close");
      stopped.join();
    }
    assertThat(TestServers.openRoutes(pool)).isZero();
  }

  @Test
  void stopWithoutTime_closesRequestsUnderWay() throws Exception {
    int port = http(Duration.ofSeconds(60));
    try (Socket waits = TestServers.send(port, GET + RawBackend.SILENT + "\r\n\r\n")) {
      TestServers.until(() -> backend.waiting() == 1);

      guard.stop(Duration.ZERO);

      assertThat(TestServers.rest(waits)).isEmpty();
    }
  }

  @Test
  void proxyHeader_isReadFromATrustedSender() throws Exception {
    int port = tcp(List.of("127.0.0.0/8"));
    try (Socket client = TestServers.send(port, "PROXY TCP4 9.8.7.6 1.1.1.1 5 80\r\n")) {
      assertThat(client.getInputStream().readNBytes(7)).asString(ISO_8859_1).isEqualTo("9.8.7.6");
    }
    try (Socket client = TestServers.send(port, "GET / HTTP/1.1\r\n")) {
      assertThat(TestServers.rest(client)).isEmpty();
    }
  }

  @Test
  void senderThatIsNotTrusted_isClosed() throws Exception {
    int port = tcp(List.of("10.0.0.0/8"));
    try (Socket client = TestServers.send(port, "")) {
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  /** Serves TCP from a backend that says who the client is. */
  private int tcp(List<String> trusted) throws Exception {
    NetServerOptions options = new NetServerOptions().setHost("127.0.0.1").setPort(-2);
    return TestServers.await(vertx
        .createNetServer(guard.proxyProtocol(options, trusted))
        .connectHandler(
            socket -> socket.write(String.valueOf(ClientAddress.of(socket).getHostAddress())))
        .listen()
        .map(NetServer::actualPort));
  }

  @Test
  void settingsOutOfRange_areRefused() {
    NetServerOptions options = new NetServerOptions();

    assertThatThrownBy(() -> guard.clientTimeout(options, Duration.ofSeconds(-1)))
        .isInstanceOf(FaultException.class)
        .hasMessage("clientTimeout: PT-1S (expected: PT0.001S..PT576H)");
    assertThatThrownBy(() -> guard.proxyProtocol(options, List.of("10.0.0.1/8")))
        .isInstanceOf(FaultException.class)
        .hasMessageContaining("10.0.0.1/8");
    assertThat(options.isUseProxyProtocol()).isFalse();
  }

  @Test
  void transport_isTheOneBehindIt() {
    assertThat(guard.transport().name()).isEqualTo("nio");
    assertThat(guard.transport().available()).isTrue();
    assertThat(guard.transport().unavailabilityCause()).isNull();
  }
}
