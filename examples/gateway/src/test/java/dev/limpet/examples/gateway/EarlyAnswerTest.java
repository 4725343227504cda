package dev.limpet.examples.gateway;

import static dev.limpet.examples.gateway.Http2Client.await;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends that answer an upload before they have it whole. */
@Timeout(60)
class EarlyAnswerTest {
  private static final String TOO_LARGE =
      "HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno";

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void clientThatLeavesAnUpload_takesTheConnectionWithIt(boolean chunked) throws Exception {
    AtomicInteger closed = new AtomicInteger();
    try (TestBackend backend = readingOn(closed);
        TestGateway gateway = TestGateway.http(TestGateway.NOT_STICKY, backend)) {
      for (int i = 0; i < 10; i++) {
        try (Socket upload = new Client(gateway.port()).connect()) {
          TestBackend.say(
              upload,
              chunked
                  ? "POST /up HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\n"
                  : "POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nbegin");
          assertThat(Client.response(upload, "POST").status()).isEqualTo(413);
        }
        for (int next = 0; next < 5; next++) {
          assertThat(new Client(gateway.port()).get().body()).isEqualTo("served");
        }
        int expected = i + 1;
        Wait.until(() -> closed.get() == expected);
      }
    }
  }

  @Test
  void clientOfHttp2ThatResetsAnUpload_takesTheConnectionWithIt() throws Exception {
    AtomicInteger closed = new AtomicInteger();
    try (TestBackend backend = readingOn(closed);
        TestGateway gateway = TestGateway.http(TestGateway.NOT_STICKY, backend);
        Http2Client client = new Http2Client()) {
      for (int i = 0; i < 10; i++) {
        HttpClientRequest upload = await(client.request(HttpMethod.POST, gateway, "/up"));
        upload.setChunked(true).write("begin");
        assertThat(await(upload.response()).statusCode()).isEqualTo(413);
        upload.reset();
        assertThat(new Client(gateway.port()).get().body()).isEqualTo("served");
        int expected = i + 1;
        Wait.until(() -> closed.get() == expected);
      }
    }
  }

  @Test
  void clientOfHttp2ThatResetsAnUpload_freesItsPlace() throws Exception {
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger closed = new AtomicInteger();
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          InputStream in = socket.getInputStream();
          if (Message.head(in).startsWith("POST")) {
            begun.incrementAndGet();
            in.readAllBytes();
            closed.incrementAndGet();
          } else {
            TestBackend.say(socket, TestBackend.ok("served", "Connection: close\r\n"));
          }
        });
        TestGateway gateway = TestGateway.of(TestGateway.yaml(
            "http", "", TestGateway.NOT_STICKY, List.of(backend.entry("maxConnections: 1"))));
        Http2Client client = new Http2Client()) {
      for (int i = 0; i < 10; i++) {
        HttpClientRequest upload = await(client.request(HttpMethod.POST, gateway, "/up"));
        upload.setChunked(true);
        await(upload.write("begin"));
        int expected = i + 1;
        Wait.until(() -> begun.get() == expected);
        assertThat(gateway.connections("b1")).isEqualTo(1);
        upload.reset();
        Wait.until(() -> gateway.connections("b1") == 0);
        Wait.until(() -> closed.get() == expected);
        assertThat(new Client(gateway.port()).get().body()).isEqualTo("served");
      }
      assertThat(gateway.console().complaints()).isEmpty();
    }
  }

  /** The kernel resets the connection, as the backend has not read what it was sent. */
  @Test
  void answerToAnUploadThatIsNotRead_passesThoughTheConnectionIsReset() throws Exception {
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          Message.head(socket.getInputStream());
          TestBackend.say(socket, TOO_LARGE);
        });
        TestGateway gateway = TestGateway.http(TestGateway.NOT_STICKY, backend)) {
      for (int i = 0; i < 50; i++) {
        try (Socket upload = new Client(gateway.port()).connect()) {
          TestBackend.say(
              upload, "POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
          Flow.pouring(upload, new AtomicLong());
          assertThat(Client.response(upload, "POST").status())
              .as("upload %d", i)
              .isEqualTo(413);
        }
      }
    }
  }

  @Test
  void uploadThatEndsAfterItsAnswer_isWholeAndItsConnectionIsNotUsedAgain() throws Exception {
    AtomicInteger closed = new AtomicInteger();
    try (TestBackend backend = readingOn(closed);
        TestGateway gateway = TestGateway.http(TestGateway.NOT_STICKY, backend);
        Socket upload = new Client(gateway.port()).connect()) {
      for (int i = 0; i < 3; i++) {
        TestBackend.say(upload, "POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234");
        assertThat(Client.response(upload, "POST").status()).isEqualTo(413);
        TestBackend.say(upload, "56789");
        int expected = i + 1;
        Wait.until(() -> closed.get() == expected);
      }
      TestBackend.say(upload, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(Client.response(upload, "GET").body()).isEqualTo("served");
    }
  }

  @Test
  void backendThatAnswersAndCloses_leavesTheClientsConnectionUsable() throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          String head = Message.head(socket.getInputStream());
          TestBackend.say(
              socket,
              head.startsWith("POST")
                  ? TOO_LARGE.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
                  : TestBackend.ok("served"));
          answered.countDown();
        });
        TestGateway gateway = TestGateway.http(TestGateway.NOT_STICKY, backend);
        Socket upload = new Client(gateway.port()).connect()) {
      TestBackend.say(upload, "POST /up HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
      assertThat(Client.response(upload, "POST").status()).isEqualTo(413);
      Wait.until(answered);
      TestBackend.say(upload, "x".repeat(100_000) + "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(Client.response(upload, "GET").body()).isEqualTo("served");
    }
  }

  /** Answers uploads at once, and reads on; counts the connections that end. */
  private static TestBackend readingOn(AtomicInteger closed) throws IOException {
    return TestBackend.raw("b1", socket -> {
      InputStream in = socket.getInputStream();
      for (String head = Message.head(in); head != null; head = Message.head(in)) {
        if (head.startsWith("POST")) {
          TestBackend.say(socket, TOO_LARGE);
          String rest = new String(in.readAllBytes(), ISO_8859_1);
          assertThat(rest).doesNotContain("HTTP/1.1");
          closed.incrementAndGet();
          return;
        }
        TestBackend.say(socket, TestBackend.ok("served"));
      }
    });
  }
}
