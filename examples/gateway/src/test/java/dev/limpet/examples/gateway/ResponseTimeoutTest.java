package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends that keep a request waiting for longer than they may. */
@Timeout(30)
class ResponseTimeoutTest {
  private static final String TIMEOUT = TestGateway.LB_COOKIE + "\nresponseTimeout: 200ms";
  private static final int LONGER_MILLIS = 350;

  private final CountDownLatch closed = new CountDownLatch(1);

  private TestBackend silent(String interim) throws IOException {
    return TestBackend.raw("b1", socket -> {
      if (Message.request(socket.getInputStream()) != null) {
        TestBackend.say(socket, interim);
        if (socket.getInputStream().read() < 0) {
          closed.countDown();
        }
      }
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 102 Processing\r\n\r\n", "HTTP/1.1 2"})
  void silentBackend_is504AndItsConnectionIsClosed(String interim) throws Exception {
    for (String method : List.of("GET", "POST")) {
      try (TestBackend backend = silent(interim);
          TestGateway gateway = TestGateway.of(
              TestGateway.yaml("http", "", TIMEOUT, List.of(backend.entry("maxConnections: 1"))))) {
        Message answer = new Client(gateway.port()).send(method, "Content-Length: 0");
        assertThat(answer.status()).isEqualTo(504);
        assertThat(answer.body()).isEqualTo("the backend did not answer in time\n");
        assertThat(answer.fields("set-cookie")).isEmpty();
        assertThat(gateway.connections("b1")).isZero();
        assertThat(gateway.timeouts()).isEqualTo(1);
        gateway.gateway().faults().look();
        assertThat(gateway.console().complaints())
            .contains("pool web: requests without a response within responseTimeout: 1");
        Wait.until(closed);
        assertThat(backend.connections()).isEqualTo(1);
      }
    }
  }

  @Test
  void clientThatUploadsSlowly_isNotCut() throws Exception {
    try (TestBackend backend = TestBackend.http("b1");
        TestGateway gateway = TestGateway.http(TIMEOUT, backend);
        Socket socket = new Client(gateway.port()).connect()) {
      TestBackend.say(socket, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234");
      Thread.sleep(LONGER_MILLIS); // the client's own time
      TestBackend.say(socket, "56789");
      assertThat(Client.response(socket, "POST").status()).isEqualTo(200);
    }
  }

  @Test
  void backendThatDoesNotReadTheBody_is504() throws Exception {
    AtomicLong written = new AtomicLong();
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          Message.head(socket.getInputStream());
          Wait.until(closed);
        });
        TestGateway gateway = TestGateway.http(TIMEOUT, backend);
        Socket socket = new Client(gateway.port()).connect()) {
      TestBackend.say(socket, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n");
      Flow.pouring(socket, written);
      assertThat(Client.response(socket, "POST").status()).isEqualTo(504);
      closed.countDown();
    }
  }

  @Test
  void answerThatHasBegun_mayTakeItsTime() throws Exception {
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          Message.head(socket.getInputStream());
          TestBackend.say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nsl");
          Thread.sleep(LONGER_MILLIS); // longer than the timeout
          TestBackend.say(socket, "ow");
        });
        TestGateway gateway = TestGateway.http(TIMEOUT, backend)) {
      assertThat(new Client(gateway.port()).body()).isEqualTo("slow");
    }
  }
}
