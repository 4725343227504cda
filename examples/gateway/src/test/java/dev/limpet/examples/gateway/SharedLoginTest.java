package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that logs in at one gateway, and whose next request reaches another at once. */
@Timeout(600)
@Tag("slow")
class SharedLoginTest {
  private static final int LOGINS = Integer.getInteger("logins", 300);
  private static final long BOUND_NANOS = 3_000_000_000L;

  private TestBackend[] backends;
  private Pair pair;

  @BeforeEach
  void start() throws Exception {
    backends =
        new TestBackend[] {TestBackend.login("b1"), TestBackend.login("b2"), TestBackend.login("b3")
        };
    pair = new Pair(
        List.of(new Pair.Pool("web", "http", "{type: app-cookie, cookieName: SID}")),
        "500ms",
        backends);
  }

  @AfterEach
  void stop() throws IOException {
    pair.close();
    for (TestBackend backend : backends) {
      backend.close();
    }
  }

  @Test
  void requestAfterALogIn_goesToItsBackendAtOnce() throws Exception {
    int elsewhere = 0;
    try (Socket first = new Client(pair.one.port()).connect();
        Socket next = new Client(pair.other.port()).connect()) {
      for (int i = 0; i < LOGINS; i++) {
        Message login = get(first, "");
        String cookie = "Cookie: " + login.field("set-cookie") + "\r\n";
        elsewhere += get(next, cookie).body().equals(login.body()) ? 0 : 1;
      }
    }
    assertThat(elsewhere).isZero();
  }

  @Test
  void whileRedisSaysNothing_aLogInIsAnsweredAndItsSessionKnownHere() throws Exception {
    pair.redis.freeze();
    assertLogInsStayAtTheirGateway();
    pair.redis.thaw();
  }

  @Test
  void whileRedisIsDown_aLogInIsAnsweredAndItsSessionKnownHere() throws Exception {
    pair.redis.kill();
    assertLogInsStayAtTheirGateway();
    pair.redis.start();
  }

  private void assertLogInsStayAtTheirGateway() throws IOException {
    for (int i = 0; i < 12; i++) {
      Client client = new Client(pair.one.port());
      long start = System.nanoTime();
      String home = client.body();
      assertThat(System.nanoTime() - start).isLessThan(BOUND_NANOS);
      assertThat(client.cookie("SID")).isNotNull();
      assertThat(client.body()).isEqualTo(home);
    }
  }

  private static Message get(Socket socket, String fields) throws IOException {
    TestBackend.say(socket, "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
    return Message.response(socket.getInputStream(), false);
  }
}
