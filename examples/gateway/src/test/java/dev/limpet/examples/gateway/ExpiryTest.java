package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The backend of the session is drained: the session reaches it as long as it lives, and no other
 * can.
 */
class ExpiryTest {
  private static final Duration DURATION = Duration.ofMinutes(20);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LATEST = DURATION.plus(DURATION.dividedBy(16)).plus(SECOND);

  private final AtomicLong elapsed = new AtomicLong();
  private final Clocks clocks = new Clocks(
      elapsed::get, () -> Instant.parse("2026-01-01T00:00:00.5Z").plusNanos(elapsed.get()));
  private TestBackend b1;
  private TestBackend b2;

  @BeforeEach
  void start() throws IOException {
    b1 = TestBackend.login("b1");
    b2 = TestBackend.login("b2");
  }

  @AfterEach
  void stop() throws IOException {
    b1.close();
    b2.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{type: lb-cookie}",
        "{type: app-cookie, cookieName: SID}",
        "{type: source-ip}",
        "{type: lb-cookie, maxDuration: 1h}",
        "{type: source-ip, maxDuration: 1h}"
      })
  void sliding_livesForItsDurationAfterEachUseAndLittleLonger(String sticky) throws IOException {
    try (TestGateway gateway = start(sticky)) {
      Client session = sessionOfADrainedBackend(gateway);
      for (int i = 0; i < 2; i++) {
        pass(DURATION);
        assertThat(session.body()).isEqualTo("b1");
      }
      pass(LATEST);
      assertThat(session.body()).isEqualTo("b2");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{type: lb-cookie, mode: absolute}",
        "{type: app-cookie, cookieName: SID, mode: absolute}",
        "{type: source-ip, mode: absolute}",
        "{type: lb-cookie, maxDuration: 20m}",
        "{type: app-cookie, cookieName: SID, maxDuration: 20m}",
        "{type: source-ip, maxDuration: 20m}"
      })
  void absolute_livesForItsDurationHoweverMuchItIsUsed(String sticky) throws IOException {
    try (TestGateway gateway = start(sticky)) {
      Client session = sessionOfADrainedBackend(gateway);
      pass(DURATION.dividedBy(2));
      assertThat(session.body()).isEqualTo("b1");
      pass(DURATION.dividedBy(2).minus(SECOND));
      assertThat(session.body()).isEqualTo("b1");
      pass(DURATION.dividedBy(32).plus(SECOND.multipliedBy(3)));
      assertThat(session.body()).isEqualTo("b2");
    }
  }

  @Test
  void lbCookie_isRefreshedWhenASixteenthOfTheDurationHasPassed() throws IOException {
    try (TestGateway gateway = start("{type: lb-cookie}")) {
      Client session = sessionOfADrainedBackend(gateway);
      String issued = session.cookie("limpet-web");
      pass(DURATION.dividedBy(16).minus(SECOND));
      session.body();
      assertThat(session.cookie("limpet-web")).isEqualTo(issued);

      pass(SECOND);
      Message refreshed = session.get();

      assertThat(refreshed.body()).isEqualTo("b1");
      assertThat(session.cookie("limpet-web")).isNotEqualTo(issued);
      assertThat(refreshed.field("cache-control")).isEqualTo("private");
    }
  }

  private TestGateway start(String sticky) throws IOException {
    return TestGateway.of(
        TestGateway.yaml("http", "", "stickySession: " + sticky, TestGateway.entries(b1, b2)),
        clocks);
  }

  private static Client sessionOfADrainedBackend(TestGateway gateway) throws IOException {
    Client session = gateway.sessionAt("b1");
    gateway.pool().change(pool -> pool.drain("b1"));
    return session;
  }

  private void pass(Duration time) {
    elapsed.addAndGet(time.toNanos());
  }
}
