package dev.limpet.examples.gateway;

import static dev.limpet.examples.gateway.Http2Client.await;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends that send interim responses (1xx) before the final one. */
@Timeout(60)
class InterimResponseTest {
  private static final int REQUESTS = 100;
  private static final int PAUSE_MILLIS = 3;

  /** Answers each request with its path, after interim responses and a pause. */
  private static TestBackend echo(String... interims) throws IOException {
    return TestBackend.raw("b1", socket -> {
      for (Message request = Message.request(socket.getInputStream());
          request != null;
          request = Message.request(socket.getInputStream())) {
        for (String interim : interims) {
          TestBackend.say(socket, "HTTP/1.1 " + interim + "\r\nX-Interim: 1\r\n\r\n");
        }
        Thread.sleep(PAUSE_MILLIS); // the interim response is to be read by itself
        TestBackend.say(socket, TestBackend.ok(request.startLine().split(" ", -1)[1]));
      }
    });
  }

  private static String ask(TestGateway gateway, String method, String path) throws IOException {
    try (Socket socket = new Client(gateway.port()).connect()) {
      TestBackend.say(
          socket, method + ' ' + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
      Message answer = Client.response(socket, method);
      while (answer.status() < 200) {
        answer = Client.response(socket, method);
      }
      return answer.status() + " " + answer.body();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"100 Continue", "102 Processing", "103 Early Hints", "104 Upload", "199 X"})
  void everybodyGetsTheirOwnAnswer(String interim) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(8);
    try (TestBackend backend = echo(interim, interim);
        TestGateway gateway = TestGateway.http(TestGateway.NOT_STICKY, backend)) {
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        String path = "/" + i;
        String method = (i % 2 == 0) ? "GET" : "POST";
        answers.add(clients.submit(() -> ask(gateway, method, path)));
      }
      for (int i = 0; i < REQUESTS; i++) {
        assertThat(answers.get(i).get()).isEqualTo("200 /" + i);
      }
    } finally {
      clients.shutdownNow();
    }
  }

  @Test
  void manyInterimsAtOnce_areNoFault() throws Exception {
    String[] interims = new String[200];
    Arrays.fill(interims, "102 Processing");
    try (TestBackend backend = echo(interims);
        TestGateway gateway = TestGateway.http(TestGateway.NOT_STICKY, backend)) {
      assertThat(ask(gateway, "GET", "/many")).isEqualTo("200 /many");
      assertThat(ask(gateway, "GET", "/again")).isEqualTo("200 /again");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"102 Processing", "103 Early Hints", "199 X"})
  void clientOfHttp10_seesTheFinalResponseOnly(String interim) throws Exception {
    try (TestBackend backend = echo(interim);
        TestGateway gateway = TestGateway.http(TestGateway.NOT_STICKY, backend)) {
      assertThat(new Client(gateway.port()).exchange("GET /old HTTP/1.0\r\n\r\n"))
          .startsWith("HTTP/1.0 200")
          .endsWith("\r\n\r\n/old");
    }
  }

  @Test
  void clientsOfHttp2_getTheirOwnAnswers() throws Exception {
    try (TestBackend backend = echo("102 Processing", "104 Upload");
        TestGateway gateway = TestGateway.http(TestGateway.NOT_STICKY, backend);
        Http2Client client = new Http2Client()) {
      List<io.vertx.core.Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        answers.add(client.get(gateway, "/" + i, ""));
      }
      for (int i = 0; i < REQUESTS; i++) {
        assertThat(await(answers.get(i))).isEqualTo("/" + i);
      }
    }
  }

  @Test
  void upgrade_passesAfterAnInterimResponse() throws Exception {
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          Message.head(socket.getInputStream());
          TestBackend.say(socket, "HTTP/1.1 102 Processing\r\n\r\n");
          Thread.sleep(PAUSE_MILLIS);
          TestBackend.say(socket, WebSocketTest.SWITCHING + "FRAME");
          socket.getInputStream().read();
        });
        TestGateway gateway = TestGateway.http(TestGateway.NOT_STICKY, backend);
        Socket socket = new Client(gateway.port()).connect()) {
      TestBackend.say(socket, WebSocketTest.upgradeRequest(new Client(gateway.port())));
      assertThat(Message.head(socket.getInputStream())).startsWith("HTTP/1.1 101");
      assertThat(new String(socket.getInputStream().readNBytes(5), ISO_8859_1)).isEqualTo("FRAME");
    }
  }

  @Test
  void switchingProtocolsUnasked_is502AndClosesTheConnection() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          Message.head(socket.getInputStream());
          TestBackend.say(socket, WebSocketTest.SWITCHING + TestBackend.ok("planted"));
          if (socket.getInputStream().read() < 0) {
            closed.countDown();
          }
        });
        TestGateway gateway = TestGateway.http(TestGateway.NOT_STICKY, backend)) {
      assertThat(new Client(gateway.port()).get().status()).isEqualTo(502);
      Wait.until(closed);
    }
  }
}
