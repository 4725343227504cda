package dev.limpet.examples.gateway;

import static dev.limpet.examples.gateway.Http2Client.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The head of an answer whose body is silent for now. */
@Timeout(30)
class HeadAtOnceTest {
  private final CountDownLatch seen = new CountDownLatch(1);

  /** Sends a head, and its body when the client has seen the head. */
  private TestBackend silent(String framing) throws IOException {
    return TestBackend.raw("b1", socket -> {
      Message.head(socket.getInputStream());
      TestBackend.say(
          socket, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" + framing + "\r\n");
      Wait.until(seen);
      TestBackend.say(
          socket, framing.startsWith("Transfer") ? "7\r\ndata: 1\r\n0\r\n\r\n" : "data: 1");
    });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Transfer-Encoding: chunked\r\n", "Content-Length: 7\r\n", "Connection: close\r\n"
      })
  void comesBeforeTheBody(String framing) throws Exception {
    for (String version : new String[] {"1.1", "1.0"}) {
      try (TestBackend backend = silent(framing);
          TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, backend);
          Socket socket = new Client(gateway.port()).connect()) {
        TestBackend.say(
            socket, "GET / HTTP/" + version + "\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertThat(Message.head(socket.getInputStream()))
            .startsWith("HTTP/" + version + " 200")
            .contains("text/event-stream", "limpet-web=");
        seen.countDown();
        assertThat(Client.all(socket)).contains("data: 1");
      }
    }
  }

  @Test
  void comesBeforeTheBody_alsoOverHttp2() throws Exception {
    try (TestBackend backend = silent("Transfer-Encoding: chunked\r\n");
        TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, backend);
        Http2Client client = new Http2Client()) {
      HttpClientResponse response =
          await(client.request(HttpMethod.GET, gateway, "/").compose(HttpClientRequest::send));
      assertThat(response.getHeader("content-type")).isEqualTo("text/event-stream");
      seen.countDown();
    }
  }
}
