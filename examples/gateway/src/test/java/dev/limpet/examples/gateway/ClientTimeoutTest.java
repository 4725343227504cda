package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** HTTP clients that keep a connection and do not use it. */
@Timeout(30)
class ClientTimeoutTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  private static TestGateway gateway(TestBackend backend) throws IOException {
    return TestGateway.of(TestGateway.yaml(
        "http", "clientTimeout: 300ms", TestGateway.LB_COOKIE, TestGateway.entries(backend)));
  }

  /** Waits until the gateway closes a connection, having sent nothing more. */
  private static void assertClosed(Socket socket) throws IOException {
    assertThat(Client.all(socket)).isEmpty();
  }

  @Test
  void clientThatSendsNothing_isClosed() throws Exception {
    try (TestBackend b1 = TestBackend.http("b1");
        TestGateway gateway = gateway(b1);
        Socket socket = gateway.client().connect()) {
      assertClosed(socket);
    }
  }

  @Test
  void clientThatSendsItsFieldsSlowly_isClosed() throws Exception {
    try (TestBackend b1 = TestBackend.http("b1");
        TestGateway gateway = gateway(b1);
        Socket slow = gateway.client().connect();
        Socket silent = gateway.client().connect()) {
      TestBackend.say(slow, "GET / HTTP/1.1\r\n");
      CompletableFuture<Boolean> closed = CompletableFuture.supplyAsync(() -> isClosedAtLast(slow));
      assertClosed(silent);
      assertThat(closed.get(10, TimeUnit.SECONDS)).isTrue();
      assertThat(b1.requests()).isEmpty();
    }
  }

  /**
   * Sends a field every now and then, and returns whether the connection is closed before many are
   * sent.
   */
  private static boolean isClosedAtLast(Socket socket) {
    try {
      for (int i = 0; i < 400; i++) {
        TestBackend.say(socket, "X-" + i + ": 1\r\n");
        TimeUnit.MILLISECONDS.sleep(20);
      }
      return false;
    } catch (IOException | InterruptedException closed) {
      return true;
    }
  }

  @Test
  void requestThatTakesLonger_isAnswered() throws Exception {
    CountDownLatch timeoutPassed = new CountDownLatch(1);
    try (TestBackend b1 = TestBackend.http("b1", request -> {
          Wait.until(timeoutPassed);
          return TestBackend.ok("b1");
        });
        TestGateway gateway = gateway(b1);
        Socket asking = gateway.client().connect()) {
      TestBackend.say(asking, GET);
      Wait.until(() -> !b1.requests().isEmpty());
      for (int i = 0; i < 2; i++) {
        try (Socket silent = gateway.client().connect()) {
          assertClosed(silent);
        }
      }
      timeoutPassed.countDown();
      assertThat(Client.response(asking, "GET").body()).isEqualTo("b1");
      assertThat(asking.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void clientThatGoesOnAsking_isServedOnOneConnection() throws Exception {
    try (TestBackend b1 = TestBackend.http("b1");
        TestGateway gateway = gateway(b1);
        Socket asking = gateway.client().connect();
        Socket silent = gateway.client().connect()) {
      Thread closing = new Thread(() -> {
        try {
          assertClosed(silent);
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
      });
      closing.start();
      while (closing.isAlive()) {
        TestBackend.say(asking, GET);
        assertThat(Client.response(asking, "GET").body()).isEqualTo("b1");
      }
      closing.join();
    } catch (SocketException closed) {
      throw new AssertionError("closed between two requests", closed);
    }
  }
}
