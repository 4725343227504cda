package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Sessions of two seconds, in real time. Their backend is drained: they reach it as long as they live, and
 * no other can.
 */
@Timeout(30)
class ExpiryTest {
  private static final Duration DURATION = Duration.ofSeconds(2);
  private static final Duration SHORT_OF_IT = Duration.ofMillis(1400);
  private static final Duration BEYOND_IT = Duration.ofMillis(3050); // tokens count whole seconds

  private static final List<String> SLIDING = List.of(
      "{type: lb-cookie, duration: 2s}",
      "{type: app-cookie, cookieName: SID, duration: 2s}",
      "{type: source-ip, duration: 2s}");
  private static final List<String> ABSOLUTE = List.of(
      "{type: lb-cookie, duration: 2s, mode: absolute}",
      "{type: lb-cookie, duration: 2s, maxDuration: 2s}",
      "{type: app-cookie, cookieName: SID, duration: 2s, mode: absolute}",
      "{type: source-ip, duration: 2s, maxDuration: 2s}");

  private final List<Sessions> kinds = new ArrayList<>();
  private TestBackend b1;
  private TestBackend b2;

  @BeforeEach
  void start() throws IOException {
    b1 = TestBackend.login("b1");
    b2 = TestBackend.login("b2");
  }

  @AfterEach
  void stop() throws IOException {
    kinds.forEach(sessions -> sessions.gateway.close());
    b1.close();
    b2.close();
  }

  @Test
  void idleSession_livesForItsDurationAndNotLonger() throws Exception {
    begin(SLIDING);
    begin(ABSOLUTE);
    for (Sessions sessions : kinds) {
      sessions.awaitAge(SHORT_OF_IT);
      sessions.assertFirstAlive();
    }
    for (Sessions sessions : kinds) {
      sessions.awaitAge(BEYOND_IT);
      sessions.assertGone(sessions.second);
    }
  }

  @Test
  void sliding_eachUseRenewsTheSession() throws Exception {
    begin(SLIDING);
    for (int i = 1; i <= 3; i++) {
      for (Sessions sessions : kinds) {
        sessions.awaitAge(Duration.ofMillis(1200L * i));
        sessions.assertFirstAlive();
      }
    }
  }

  @Test
  void absolute_useDoesNotRenewTheSession() throws Exception {
    begin(ABSOLUTE);
    for (int i = 1; i <= 2; i++) {
      for (Sessions sessions : kinds) {
        sessions.awaitAge(Duration.ofMillis(700L * i));
        sessions.assertFirstAlive();
      }
    }
    for (Sessions sessions : kinds) {
      sessions.awaitAge(BEYOND_IT);
      sessions.assertGone(sessions.first);
    }
  }

  @Test
  void lbCookie_isRefreshedWhenASixteenthOfTheDurationHasPassed() throws Exception {
    begin(List.of("{type: lb-cookie, duration: 32s}"));
    Client client = kinds.get(0).first;
    String issued = client.cookie("limpet-web");

    kinds.get(0).awaitAge(DURATION);

    Message refreshed = client.get();
    assertThat(refreshed.body()).isEqualTo("b1");
    assertThat(client.cookie("limpet-web")).isNotEqualTo(issued);
    assertThat(refreshed.field("cache-control")).isEqualTo("private");
  }

  private void begin(List<String> settings) throws IOException {
    for (String sticky : settings) {
      kinds.add(new Sessions(sticky));
    }
    for (Sessions sessions : kinds) {
      sessions.begin();
    }
  }

  /** Two sessions of one kind at b1, which takes no others. */
  private final class Sessions {
    private final String kind;
    private final TestGateway gateway;
    private Client first;
    private Client second;
    private long begun;
    private long used;

    Sessions(String sticky) throws IOException {
      kind = sticky;
      gateway = TestGateway.http("stickySession: " + sticky, b1, b2);
    }

    void begin() throws IOException {
      gateway.pool().change(pool -> pool.ready("b1"));
      used = System.nanoTime();
      first = gateway.sessionAt("b1");
      second = gateway.sessionAt("b1");
      gateway.pool().change(pool -> pool.drain("b1"));
      begun = System.nanoTime();
    }

    void awaitAge(Duration age) throws Exception {
      Wait.until(() -> System.nanoTime() - begun >= age.toNanos());
    }

    /** Uses the first session, which lives unless this machine stalled for longer than that. */
    void assertFirstAlive() throws IOException {
      long before = System.nanoTime();
      String home = first.body();
      boolean stalled = System.nanoTime() - used >= DURATION.toNanos();
      used = before;
      assertThat(stalled ? "b1" : home).as(kind).isEqualTo("b1");
    }

    void assertGone(Client client) throws IOException {
      assertThat(client.body()).as(kind).isEqualTo("b2");
    }
  }
}
