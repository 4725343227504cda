package dev.limpet.examples.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that sends requests and waits for no answer. */
@Timeout(30)
class PipelineTest {
  private static final int REQUESTS = 100_000;
  private static final int AT_ONCE = 100;
  private static final byte[] TINY =
      "GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(AT_ONCE).getBytes(ISO_8859_1);

  @Test
  void manyRequestsInOnePiece_areAnsweredInTheirOrder() throws Exception {
    try (TestBackend backend =
            TestBackend.http("b1", request -> TestBackend.ok(request.startLine()));
        TestGateway gateway = TestGateway.http(TestGateway.NOT_STICKY, backend);
        Socket socket = new Client(gateway.port()).connect()) {
      TestBackend.say(
          socket,
          IntStream.range(0, 500)
              .mapToObj(i -> "GET /" + i + " HTTP/1.1\r\nHost: a\r\n\r\n")
              .collect(Collectors.joining()));
      InputStream answers = new BufferedInputStream(socket.getInputStream());
      for (int i = 0; i < 500; i++) {
        assertThat(Message.response(answers, false).body()).isEqualTo("GET /" + i + " HTTP/1.1");
      }
    }
  }

  @Test
  void requestsOfAClientThatReadsNoAnswer_areNotTakenWithoutEnd() throws Exception {
    AtomicInteger sent = new AtomicInteger();
    try (TestBackend backend =
            TestBackend.http("b1", request -> TestBackend.ok("x".repeat(64 * 1024)));
        TestGateway gateway = TestGateway.http(TestGateway.NOT_STICKY, backend);
        Socket socket = new Client(gateway.port()).connect()) {
      socket.setSendBufferSize(8 * 1024);
      Thread sender = new Thread(() -> send(socket, sent));
      sender.setDaemon(true);
      sender.start();

      assertThat(Wait.untilSteady(sent::get)).isLessThan(REQUESTS / 2);

      assertThat(backend.requests()).hasSizeLessThan(REQUESTS / 100);
      for (int i = 0; i < 8; i++) { // whatever event loop takes it
        assertThat(gateway.client().get().status()).isEqualTo(200);
      }
    }
  }

  /**
   * Sends many at once: of small packets a kernel takes more and more, slowly, when its buffer is
   * full.
   */
  private static void send(Socket socket, AtomicInteger sent) {
    try {
      while (sent.get() < REQUESTS) {
        socket.getOutputStream().write(TINY);
        sent.addAndGet(AT_ONCE);
      }
    } catch (IOException closed) {
      // by the test
    }
  }
}
