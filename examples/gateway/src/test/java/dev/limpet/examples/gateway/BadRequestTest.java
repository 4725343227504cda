package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that a backend might read otherwise than the gateway. */
@Timeout(30)
class BadRequestTest {
  private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\n";

  private TestBackend backend;
  private TestGateway gateway;

  @BeforeEach
  void start() throws IOException {
    backend = TestBackend.http("b1");
    gateway = TestGateway.http(TestGateway.LB_COOKIE, backend);
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    backend.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        POST + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        POST + "Content-Length: +5\r\n\r\nhello",
        POST + "Content-Length: -1\r\n\r\nhello",
        POST + "Content-Length: 0x5\r\n\r\nhello",
        POST + "Content-Length: \r\n\r\nhello",
        POST + "Content-Length: 5, 5\r\n\r\nhello",
        POST + "Content-Length: 99999999999999999999\r\n\r\nhello",
        POST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        POST + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        POST + "Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n",
        POST + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n: empty\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX Y: 1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: 1\rY: 2\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\u0000b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET /\u0001 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/9.1\r\nHost: a\r\n\r\n",
        "GET\r\n\r\n",
        "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n",
      })
  void badRequest_isRefusedAndNothingAfterItIsRead(String request) throws Exception {
    String answer =
        new Client(gateway.port()).exchange(request + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(answer.split("HTTP/", -1)).as(answer).hasSize(2);
    assertThat(answer).matches("(?s)HTTP/[19]\\.[01] (400|501|505).*");
    assertThat(answer).doesNotContainIgnoringCase("set-cookie");
    assertThat(backend.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: a\r\nX: one\r\n two\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: one\r\n\tTransfer-Encoding: chunked\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: 1\nY: 2\r\n",
        POST + "Content-Length: 5\r\nContent-Length: 5\r\n",
        POST + "Content-Length: 005\r\n",
      })
  void oddRequest_isRefusedOrReachesTheBackendAsOneRequest(String head) throws Exception {
    String body = head.startsWith("POST") ? "hello" : "";
    String answer = answerTo(head + "Connection: close\r\n\r\n" + body);
    if (answer.startsWith("HTTP/1.1 200")) {
      assertThat(backend.requests()).hasSize(1);
      assertThat(backend.last().head().lines().filter(line -> line.startsWith(" ")))
          .isEmpty();
      assertThat(backend.last().fields("transfer-encoding")).isEmpty();
      assertThat(backend.last().fields("content-length").size()).isLessThanOrEqualTo(1);
      assertThat(backend.last().body()).isEqualTo(body);
    } else {
      assertThat(answer).startsWith("HTTP/1.1 400");
      assertThat(backend.requests()).isEmpty();
    }
  }

  @Test
  void chunkedBody_isFramedAnewAndChunkExtensionsAreDropped() throws Exception {
    String answer = answerTo(POST + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        + "5;x=y\r\nhello\r\n0\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 200");
    assertThat(backend.last().body()).isEqualTo("hello");
    assertThat(backend.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"5\r\nhelloX\r\n0\r\n\r\n", "G\r\nhello\r\n0\r\n\r\n", "-5\r\nhello\r\n0\r\n\r\n"})
  void badChunk_isNeverAWholeRequest(String body) throws Exception {
    answerTo(POST + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + body);
    assertThat(backend.requests()).isEmpty();
  }

  /** What comes until the end of the stream or a response is whole. */
  private String answerTo(String request) throws IOException {
    try (Socket socket = new Client(gateway.port()).connect()) {
      TestBackend.say(socket, request);
      Message answer = Client.response(socket, "GET");
      return answer.head() + answer.body();
    } catch (IOException reset) {
      return "";
    }
  }
}
