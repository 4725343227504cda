package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.examples.gateway.Streams.Kind;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sessions with a stream that stays open for longer than their duration, at one gateway. Their
 * backend is drained: a session reaches it as long as it lives, and no other can.
 */
@Timeout(60)
class OpenStreamsTest {
  private static final int RUNS = Integer.getInteger("open.streams", 3);
  private static final Duration DURATION = Duration.ofMinutes(20);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LATEST = DURATION.plus(DURATION.dividedBy(16)).plus(SECOND);

  private final AtomicLong elapsed = new AtomicLong();
  private final Clocks clocks = new Clocks(
      elapsed::get, () -> Instant.parse("2026-01-01T00:00:00.5Z").plusNanos(elapsed.get()));
  private final List<Client> sessions = new ArrayList<>();
  private final List<Socket> streams = new ArrayList<>();
  private TestBackend b1;
  private TestBackend b2;

  @BeforeEach
  void start() throws IOException {
    b1 = Streams.backend("b1");
    b2 = Streams.backend("b2");
  }

  @AfterEach
  void stop() throws IOException {
    closeStreams();
    b1.close();
    b2.close();
  }

  private static Stream<Arguments> streams() {
    return Stream.of("{type: source-ip}", "{type: app-cookie, cookieName: SID}")
        .flatMap(sticky -> Stream.of(Kind.values()).map(kind -> Arguments.of(kind, sticky)));
  }

  @ParameterizedTest
  @MethodSource("streams")
  void whileAStreamIsOpen_itsSessionLives(Kind kind, String sticky) throws Exception {
    try (TestGateway gateway = http(sticky)) {
      openStreams(kind, gateway);
      for (double durations : new double[] {1.5, 3}) {
        passWithOthers(gateway, durations);
        assertAllReach("b1");
      }
    }
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("streams")
  void durationCountsFromTheEndOfTheStream(Kind kind, String sticky) throws Exception {
    try (TestGateway gateway = http(sticky)) {
      openStreams(kind, gateway);
      passWithOthers(gateway, 2.5);
      closeStreams();
      Wait.until(() -> gateway.connections("b1") == 0);

      pass(DURATION.minus(SECOND));
      assertAllReach("b1");
      pass(LATEST);
      assertAllReach("b2");
    }
  }

  @ParameterizedTest
  @CsvSource({"1.5, 0", "3, 0", "1.5, 0.99", "3, 0.99"})
  void tcp_sessionLivesForItsDurationAfterTheConnection(double open, double closed)
      throws Exception {
    try (TestGateway gateway = TestGateway.of(yaml("tcp", "{type: source-ip}"), clocks)) {
      openStreams(Kind.EVENTS, gateway);
      passWithOthers(gateway, open);
      if (closed > 0) {
        closeStreams();
        Wait.until(() -> gateway.connections("b1") == 0);
        pass(times(closed));
      }
      assertAllReach("b1");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{type: source-ip, mode: absolute}",
        "{type: source-ip, maxDuration: 20m}",
        "{type: app-cookie, cookieName: SID, mode: absolute}",
        "{type: app-cookie, cookieName: SID, maxDuration: 20m}"
      })
  void absoluteSessionEnds_thoughAStreamIsOpen(String sticky) throws Exception {
    try (TestGateway gateway = http(sticky)) {
      openStreams(Kind.EVENTS, gateway);
      pass(LATEST);
      assertAllReach("b2");
    }
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{type: source-ip, maxDuration: 1h}",
        "{type: app-cookie, cookieName: SID, maxDuration: 1h}"
      })
  void maxDurationEndsASession_thoughAStreamIsOpen(String sticky) throws Exception {
    try (TestGateway gateway = http(sticky)) {
      openStreams(Kind.WEB_SOCKET, gateway);
      pass(times(2.9));
      assertAllReach("b1");
      pass(times(0.3));
      assertAllReach("b2");
      closeStreams();
      Wait.until(() -> gateway.connections("b1") == 0);
      assertAllReach("b2");
    }
  }

  private void openStreams(Kind kind, TestGateway gateway) throws IOException {
    for (int i = 0; i < RUNS; i++) {
      Client session = gateway.sessionAt("b1");
      sessions.add(session);
      streams.add(Streams.open(kind, session, "b1"));
    }
    gateway.pool().change(pool -> pool.drain("b1"));
  }

  private void closeStreams() throws IOException {
    for (Socket stream : streams) {
      stream.close();
    }
    streams.clear();
  }

  private void assertAllReach(String backend) throws IOException {
    int elsewhere = 0;
    for (Client session : sessions) {
      elsewhere += session.body().equals(backend) ? 0 : 1;
    }
    assertThat(elsewhere).isZero();
  }

  /** Lets time pass, in which other sessions begin and expire. */
  private void passWithOthers(TestGateway gateway, double durations) throws IOException {
    for (double passed = 0; passed < durations; passed += 0.5) {
      gateway.client().body();
      pass(times(0.5));
    }
  }

  private void pass(Duration time) {
    elapsed.addAndGet(time.toNanos());
  }

  private static Duration times(double durations) {
    return Duration.ofNanos((long) (durations * DURATION.toNanos()));
  }

  private TestGateway http(String sticky) throws IOException {
    return TestGateway.of(yaml("http", sticky), clocks);
  }

  private String yaml(String protocol, String sticky) {
    return TestGateway.yaml(protocol, "", "stickySession: " + sticky, TestGateway.entries(b1, b2));
  }
}
