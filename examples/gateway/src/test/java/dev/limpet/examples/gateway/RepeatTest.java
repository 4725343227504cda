package dev.limpet.examples.gateway;

import static dev.limpet.examples.gateway.Http2Client.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests on a kept connection that the backend closes instead of answering: who is asked again,
 * and how often.
 */
@Timeout(60)
class RepeatTest {
  private static final int ROUNDS = 10;

  private final AtomicInteger delivered = new AtomicInteger();
  private volatile boolean answersOnNewConnections = true;

  private TestBackend b1;
  private TestBackend b2;

  @AfterEach
  void stop() throws IOException {
    b1.close();
    b2.close();
  }

  /** Answers the first request of a connection, and reads the second before it closes. */
  private TestGateway start() throws IOException {
    b1 = TestBackend.raw("b1", socket -> {
      Message first = Message.request(socket.getInputStream());
      if (first == null) {
        return;
      }
      if (first.startLine().contains("/test")) {
        delivered.incrementAndGet();
        if (!answersOnNewConnections) {
          return;
        }
      }
      TestBackend.say(socket, TestBackend.ok("b1"));
      if (Message.request(socket.getInputStream()) != null) {
        delivered.incrementAndGet();
      }
    });
    b2 = TestBackend.http("b2");
    return TestGateway.http(TestGateway.LB_COOKIE, b1, b2);
  }

  /**
   * Sends a request on a connection of the gateway to b1 that was used before, and returns the
   * answer.
   */
  private Message onKeptConnection(Client client, String method, String body) throws IOException {
    try (Socket socket = client.connect()) {
      TestBackend.say(socket, "GET / HTTP/1.1\r\nHost: a\r\n" + client.cookieField() + "\r\n");
      assertThat(Client.response(socket, "GET").body()).isEqualTo("b1");
      delivered.set(0);
      TestBackend.say(
          socket,
          method + " /test HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n"
              + client.cookieField() + "\r\n" + body);
      return Client.response(socket, method);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PATCH", "PURGE"})
  void methodThatIsNotIdempotent_isSentOnceAndMovesNothing(String method) throws Exception {
    try (TestGateway gateway = start()) {
      Client client = gateway.sessionAt("b1");
      int before = b2.requests().size();
      for (int i = 0; i < ROUNDS; i++) {
        Message answer = onKeptConnection(client, method, "");
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.fields("set-cookie")).isEmpty();
        assertThat(delivered).hasValue(1);
      }
      assertThat(b2.requests()).hasSize(before);
      assertThat(client.body()).isEqualTo("b1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"})
  void idempotentMethod_isSentOnceMoreOnANewConnection(String method) throws Exception {
    try (TestGateway gateway = start()) {
      Client client = gateway.sessionAt("b1");
      for (int i = 0; i < ROUNDS; i++) {
        int before = b1.connections();
        Message answer = onKeptConnection(client, method, "");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.fields("set-cookie")).isEmpty();
        assertThat(delivered).hasValue(2);
        assertThat(b1.connections()).isBetween(before + 1, before + 2);
      }
    }
  }

  @Test
  void requestOfHttp2WithoutABody_isSentOnceMore() throws Exception {
    try (TestGateway gateway = start();
        Http2Client client = new Http2Client()) {
      String cookie = gateway.sessionAt("b1").cookieField().strip().substring("Cookie: ".length());
      for (int i = 0; i < ROUNDS; i++) {
        for (String path : List.of("/", "/test")) {
          delivered.set(0);
          assertThat(await(client.get(gateway, path, cookie))).isEqualTo("b1");
        }
        assertThat(delivered).hasValue(2);
      }
      assertThat(gateway.console().complaints()).isEmpty();
    }
  }

  @Test
  void secondClose_is502AndMovesNothing() throws Exception {
    try (TestGateway gateway = start()) {
      Client client = gateway.sessionAt("b1");
      int before = b2.requests().size();
      answersOnNewConnections = false;
      for (int i = 0; i < ROUNDS; i++) {
        Message answer = onKeptConnection(client, "GET", "");
        assertThat(answer.status()).isEqualTo(502);
        assertThat(answer.fields("set-cookie")).isEmpty();
        assertThat(delivered).hasValue(2);
      }
      assertThat(b2.requests()).hasSize(before);
      assertThat(client.body()).isEqualTo("b1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE", "POST"})
  void requestWithABody_isSentOnce(String method) throws Exception {
    try (TestGateway gateway = start()) {
      Client client = gateway.sessionAt("b1");
      int before = b2.requests().size();
      for (int i = 0; i < ROUNDS; i++) {
        assertThat(onKeptConnection(client, method, "body").status()).isEqualTo(502);
        assertThat(delivered).hasValue(1);
      }
      assertThat(b2.requests()).hasSize(before);
    }
  }

  @Test
  void repeatWhoseNewConnectionIsRefused_goesElsewhere_butAPostThatWasSentNever() throws Exception {
    for (String method : List.of("GET", "POST")) {
      b1 = TestBackend.raw("b1", socket -> {
        Message.request(socket.getInputStream());
        TestBackend.say(socket, TestBackend.ok("b1"));
        if (Message.request(socket.getInputStream()) != null) {
          b1.stopListening();
        }
      });
      b2 = TestBackend.http("b2");
      try (TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, b1, b2)) {
        Client client = gateway.sessionAt("b1");
        int before = b2.requests().size();
        Message answer = onKeptConnection(client, method, "");
        boolean repeated = method.equals("GET");
        assertThat(answer.status()).isEqualTo(repeated ? 200 : 502);
        assertThat(b2.requests()).hasSize(repeated ? before + 1 : before);
        assertThat(answer.fields("set-cookie")).hasSize(repeated ? 1 : 0);
      }
      stop();
    }
  }

  @Test
  void connectionThatIsClosedAlready_isNotUsedForAPost() throws Exception {
    try (TestBackend closing = TestBackend.raw("b1", socket -> {
          if (Message.request(socket.getInputStream()) != null) {
            delivered.incrementAndGet();
            TestBackend.say(socket, TestBackend.ok("b1"));
          }
        });
        TestGateway gateway = TestGateway.http(TestGateway.NOT_STICKY, closing);
        Socket socket = new Client(gateway.port()).connect()) {
      b1 = closing;
      b2 = closing;
      for (int i = 0; i < ROUNDS; i++) {
        TestBackend.say(socket, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
        assertThat(Client.response(socket, "POST").status()).isEqualTo(200);
        int closed = i + 1;
        Wait.until(() -> closing.closed() == closed);
      }
      assertThat(delivered).hasValue(ROUNDS);
    }
  }

  @Test
  void backendsThatCloseAfterEachAnswer_keepTheirSessionsAndFailNoGet() throws Exception {
    b1 = closing("b1");
    b2 = closing("b2");
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, b1, b2)) {
      List<Future<String>> faults = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String home = (i % 2 == 0) ? "b1" : "b2";
        Client client = gateway.sessionAt(home);
        faults.add(threads.submit(() -> ask(client, home)));
      }
      for (Future<String> fault : faults) {
        assertThat(fault.get()).isEmpty();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static String ask(Client client, String home) throws IOException {
    StringBuilder faults = new StringBuilder();
    try (Socket socket = client.connect()) {
      for (int i = 0; i < 500; i++) {
        TestBackend.say(socket, "GET / HTTP/1.1\r\nHost: a\r\n" + client.cookieField() + "\r\n");
        Message answer = Client.response(socket, "GET");
        if (answer.status() != 200 || !answer.body().equals(home)) {
          faults.append(i).append(": ").append(answer).append('\n');
        }
      }
    }
    return faults.toString();
  }

  /** Closes each connection after the first answer, and does not say so. */
  private static TestBackend closing(String id) throws IOException {
    return TestBackend.raw(id, socket -> {
      if (Message.request(socket.getInputStream()) != null) {
        TestBackend.say(socket, TestBackend.ok(id));
      }
    });
  }
}
