package dev.limpet.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Asks backends without a proxy. */
@Timeout(60)
class RawBackendTest {
  private static final Duration LONG = Duration.ofSeconds(10);

  private RawBackend backend;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    backend = RawBackend.start("b1");
    client = new RawClient(backend.port(), LONG);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    backend.close();
  }

  @Test
  void answer_saysWhoAndWhatWasReceived() throws Exception {
    RawMessage answer = client.post(new byte[] {1, 2, 3}, "X-Test: one", "X-Test: two");

    Echo echo = Echo.of(answer);
    assertThat(echo.backend()).isEqualTo("b1");
    assertThat(echo.request().startLine()).isEqualTo("POST / HTTP/1.1");
    assertThat(echo.request().fields("x-test")).containsExactly("one", "two");
    assertThat(echo.bodyDigest())
        .isEqualTo(Echo.digest(new byte[] {1, 2, 3}))
        .isNotEqualTo(Echo.digest(new byte[] {1, 2, 4}));
    assertThat(backend.requests()).singleElement().asString().contains("POST / HTTP/1.1");
    assertThat(backend.connections()).isEqualTo(1);
  }

  @Test
  void chunkedBody_isReceivedWithoutItsFraming() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), backend.port())) {
      socket
          .getOutputStream()
          .write(("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                  + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n")
              .getBytes(ISO_8859_1));
      RawMessage head = RawMessage.responseHead(socket.getInputStream());
      assertThat(head.field(Echo.BODY_DIGEST)).isEqualTo(Echo.digest("abcde".getBytes(ISO_8859_1)));
    }
  }

  @Test
  void setCookieLines_areAnsweredInOrder() throws Exception {
    assertThat(client
            .get(RawBackend.setCookie("b=2; Path=/"), RawBackend.setCookie("a=1"))
            .fields("Set-Cookie"))
        .containsExactly("b=2; Path=/", "a=1");
  }

  @Test
  void answerOfAnother_isNoEcho() {
    RawMessage answer = RawMessage.ofHead("HTTP/1.1 503 Service Unavailable\r\n\r\n");

    assertThatThrownBy(() -> Echo.of(answer))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("503 Service Unavailable");
  }

  @Test
  void silentRequest_isAnsweredWhenItIsReleased() throws Exception {
    RawConnection first = client.connect();
    RawConnection second = client.connect();
    first.sendGet(RawBackend.SILENT);
    second.sendGet(RawBackend.SILENT);
    Await.value("waiting", 2, LONG, backend::waiting);
    assertThat(Echo.of(client.get()).backend()).isEqualTo("b1");

    backend.release();

    assertThat(first.answer().status()).isEqualTo(200);
    assertThat(second.answer().status()).isEqualTo(200);
    assertThat(backend.waiting()).isZero();
  }

  @Test
  void halfAResponse_isCompletedWhenItIsReleased() throws Exception {
    RawConnection connection = client.connect();
    connection.sendGet(RawBackend.HALF);
    connection.read(0);
    assertThat(connection.head().field("Content-Length")).isEqualTo("200000");
    Await.value("waiting", 1, LONG, backend::waiting);

    backend.release();

    assertThat(connection.answer().body()).hasSize(200_000);
  }

  @Test
  void responseWithoutEnd_endsWithItsConnection() throws Exception {
    RawConnection connection = client.connect();
    connection.sendGet(RawBackend.ENDLESS);
    connection.head();
    connection.read(1_000_000);

    connection.reset();

    Await.value("open connections", 0, LONG, backend::openConnections);
  }

  @Test
  void webSocket_saysTheIdAndThenWhatItReceives() throws Exception {
    RawConnection connection = client.connect();

    RawMessage answer = connection.upgrade();

    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.field("Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assertThat(connection.text()).isEqualTo("b1");
    connection.sendText("h\u00e9llo");
    assertThat(connection.text()).isEqualTo("h\u00e9llo");
    connection.leave();
    Await.value("open connections", 0, LONG, backend::openConnections);
  }

  @Test
  void kill_cutsAResponseOff() throws Exception {
    RawConnection connection = client.connect();
    connection.sendGet(RawBackend.HALF);
    connection.head();
    connection.read(50_000);

    backend.kill();

    assertThat(catchThrowable(connection::answer))
        .isInstanceOfAny(EOFException.class, SocketException.class);
    assertThat(backend.openConnections()).isZero();
  }

  @Test
  void kill_endsSilentRequestsAndWebSockets() throws Exception {
    RawConnection silent = client.connect();
    silent.sendGet(RawBackend.SILENT);
    RawConnection webSocket = client.connect();
    webSocket.upgrade();
    Await.value("waiting", 1, LONG, backend::waiting);

    backend.kill();

    assertThat(backend.openConnections()).isZero();
    assertThat(backend.waiting()).isZero();
    assertThatThrownBy(silent::answer).isInstanceOf(IOException.class);
  }

  @Test
  void killedBackend_refusesConnectsUntilItIsRevived() throws Exception {
    int port = backend.port();
    backend.kill();
    assertThatThrownBy(client::connect).isInstanceOf(ConnectException.class);

    backend.revive();

    assertThat(backend.port()).isEqualTo(port);
    assertThat(Echo.of(client.get()).backend()).isEqualTo("b1");
    backend.kill();
    backend.kill();
    assertThatThrownBy(client::connect).isInstanceOf(ConnectException.class);
  }

  /** Connections that are accepted, that wait to be, and whose thread is about to read. */
  @Tag("slow")
  @Test
  void killedBackend_servesNoMoreRequest() throws Exception {
    for (int round = 0; round < 200; round++) {
      List<RawConnection> connections = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        connections.add(client.connect());
      }
      backend.kill();
      for (RawConnection connection : connections) {
        assertUnanswered(connection);
      }
      backend.revive();
    }

    assertThat(backend.requests()).isEmpty();
    assertThat(Echo.of(client.get()).backend()).isEqualTo("b1");
  }

  @Test
  void silentBackend_letsConnectsWaitUntilItIsRevived() throws Exception {
    assertThat(backend.fallSilent()).isTrue();
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), backend.port());
    try (Socket socket = new Socket()) {
      assertThatThrownBy(() -> socket.connect(address, 150))
          .isInstanceOf(SocketTimeoutException.class);
    }

    backend.revive();

    assertThat(Echo.of(client.get()).backend()).isEqualTo("b1");
  }

  @Test
  void closedBackend_givesItsPortBack() throws Exception {
    backend.kill();
    backend.close();

    try (Socket socket = new Socket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), backend.port()));
      assertThat(socket.isBound()).isTrue();
    }
  }

  private static void assertUnanswered(RawConnection connection) {
    assertThat(catchThrowable(() -> {
          connection.sendGet();
          connection.answer();
        }))
        .isInstanceOfAny(EOFException.class, SocketException.class);
  }
}
