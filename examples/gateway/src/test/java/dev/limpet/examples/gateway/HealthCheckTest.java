package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Ejection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Health checks by HTTP, and how many results in a row they take. */
@Timeout(30)
class HealthCheckTest {
  private static final String HTTP = "healthCheck: {path: /health, interval: 50ms}";
  private static final String EMPTY = "Content-Length: 0\r\n\r\n";

  @Test
  void status503_isDown_and200_isUpAgain() throws Exception {
    AtomicReference<String> answer = new AtomicReference<>("HTTP/1.1 503 No\r\n" + EMPTY);
    try (TestBackend backend = TestBackend.http("b1", request -> answer.get());
        TestGateway gateway = TestGateway.http(HTTP, backend)) {
      awaitLine(gateway, "b1 is down: status 503 (expected: 200-399)");
      assertThat(new Client(gateway.port()).get().status()).isEqualTo(503);

      answer.set(TestBackend.ok("fine"));

      awaitLine(gateway, "b1 is up");
      assertThat(new Client(gateway.port()).body()).isEqualTo("fine");
    }
  }

  @Test
  void theRequest_namesTheBackendAndEndsTheConnection() throws Exception {
    try (TestBackend backend = TestBackend.http("b1");
        TestGateway gateway = TestGateway.http(HTTP, backend)) {
      Wait.until(() -> !backend.requests().isEmpty());
      Message asked = backend.requests().get(0);

      assertThat(asked.startLine()).isEqualTo("GET /health HTTP/1.1");
      assertThat(asked.field("host")).isEqualTo("127.0.0.1:" + backend.port());
      assertThat(asked.field("user-agent")).isEqualTo("limpet-gateway");
      assertThat(asked.field("connection")).isEqualTo("close");
      assertThat(gateway.console().said()).noneMatch(line -> line.contains(" is down"));
    }
  }

  @Test
  void aBackendThatKnowsAnotherHost_isDown() throws Exception {
    try (TestBackend backend = TestBackend.http(
            "b1",
            request -> "site".equals(request.field("host"))
                ? TestBackend.ok("fine")
                : "HTTP/1.1 421 Misdirected Request\r\n" + EMPTY);
        TestGateway gateway = TestGateway.http(HTTP, backend)) {
      awaitLine(gateway, "b1 is down: status 421 (expected: 200-399)");
    }
  }

  @Test
  void aBackendThatConnectsButDoesNotRespond_isDown() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (TestBackend backend = TestBackend.raw("b1", socket -> end.await());
        TestGateway gateway = TestGateway.http(HTTP, backend)) {
      awaitLine(gateway, "b1 is down: no response in time");
      Wait.until(() -> backend.connections() > 1);
    } finally {
      end.countDown();
    }
  }

  @Test
  void aBackendThatRefusesOrHangsUp_isDown() throws Exception {
    try (TestBackend refusing = TestBackend.refusing("b1");
        TestBackend closing = TestBackend.raw("b2", socket -> {});
        TestBackend odd = TestBackend.raw("b3", socket -> {
          Message.request(socket.getInputStream());
          TestBackend.say(socket, "SSH-2.0-x\r\n\r\n");
        });
        TestGateway gateway = TestGateway.http(HTTP, refusing, closing, odd)) {
      awaitLine(gateway, "b1 is down: cannot connect");
      Wait.until(() -> gateway.console().said().stream()
          .anyMatch(line -> line.startsWith("backend web/b2 is down: ")));
      awaitLine(gateway, "b3 is down: a bad response");
    }
  }

  @Test
  void redirects_areNotFollowed_andBodiesAreNotRead() throws Exception {
    AtomicInteger elsewhere = new AtomicInteger();
    try (TestBackend target = TestBackend.raw("b2", socket -> elsewhere.incrementAndGet());
        TestBackend backend = TestBackend.raw("b1", socket -> {
          Message.request(socket.getInputStream());
          TestBackend.say(
              socket,
              "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:"
                  + target.port() + "/\r\n\r\n");
          Flow.trickle(socket, new CountDownLatch(1));
        });
        TestGateway gateway = TestGateway.http(HTTP, backend)) {
      Wait.until(() -> backend.closed() > 1);
      assertThat(gateway.console().said()).noneMatch(line -> line.contains(" is down"));
      assertThat(elsewhere).hasValue(0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void fall_isTheNumberOfFailuresInARow(int fall) throws Exception {
    AtomicInteger asked = new AtomicInteger();
    AtomicInteger failures = new AtomicInteger();
    try (TestBackend backend = TestBackend.http("b1", request -> {
          boolean fails = asked.incrementAndGet() != 2; // a success in between starts over
          return fails && failures.incrementAndGet() > 0
              ? "HTTP/1.1 500 No\r\n" + EMPTY
              : TestBackend.ok("fine");
        });
        TestGateway gateway = TestGateway.http(
            "healthCheck: {path: /, interval: 400ms, rise: 100, fall: " + fall + "}", backend)) {
      awaitLine(gateway, "b1 is down: status 500 (expected: 200-399)");
      assertThat(asked.get()).isGreaterThanOrEqualTo((fall == 1) ? 1 : fall + 2);
    }
  }

  @Test
  void rise_isTheNumberOfSuccessesInARow() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (TestBackend backend = TestBackend.http(
            "b1",
            request -> (asked.incrementAndGet() == 1 || asked.get() == 3)
                ? "HTTP/1.1 500 No\r\n" + EMPTY
                : TestBackend.ok("fine"));
        TestGateway gateway =
            TestGateway.http("healthCheck: {path: /, interval: 50ms, rise: 3}", backend)) {
      awaitLine(gateway, "b1 is up");
      assertThat(asked.get()).isGreaterThanOrEqualTo(6);
    }
  }

  @Test
  void rise_countsOnlySuccessesAfterAnEjection() throws Exception {
    AtomicInteger checks = new AtomicInteger();
    try (TestBackend b1 = TestBackend.raw("b1", socket -> {
          Message asked = Message.request(socket.getInputStream());
          if (asked != null && asked.startLine().contains("/health")) {
            checks.incrementAndGet();
            TestBackend.say(socket, TestBackend.ok("fine"));
          } // else it hangs up
        });
        TestBackend b2 = TestBackend.http("b2");
        TestGateway gateway = TestGateway.http(
            "healthCheck: {path: /health, interval: 50ms, rise: 5, fall: 100}\n"
                + "passiveHealth: {failures: 1}",
            b1,
            b2)) {
      Wait.until(() -> checks.get() > 5);
      int passed;
      boolean inTime;
      do { // once more with a longer ejection, if the time of this one passed before its checks
        int before = checks.get();
        while (ejection(gateway) == null) {
          new Client(gateway.port()).get();
        }
        Ejection ejection = ejection(gateway);
        long end =
            (ejection == null) ? 0 : System.nanoTime() + ejection.remaining().toNanos();
        Wait.until(() -> ejection(gateway) == null);
        inTime = System.nanoTime() < end;
        passed = checks.get() - before;
      } while (!inTime);
      assertThat(passed).isGreaterThanOrEqualTo(5);
      awaitLine(gateway, "b1 is no longer ejected");
    }
  }

  private static Ejection ejection(TestGateway gateway) {
    return gateway.pool().snapshot().members().get(0).ejection();
  }

  @Test
  void tcpChecks_countInARowToo() throws Exception {
    try (TestBackend backend = TestBackend.http("b1");
        TestGateway gateway =
            TestGateway.http("healthCheck: {interval: 30ms, rise: 2, fall: 2}", backend)) {
      backend.kill();
      awaitLine(gateway, "b1 is down");
      backend.revive();
      awaitLine(gateway, "b1 is up");
      Wait.until(() -> backend.connections() >= 2);
    }
  }

  private static void awaitLine(TestGateway gateway, String text) throws Exception {
    Wait.until(() -> gateway.console().said().contains("backend web/" + text));
  }
}
