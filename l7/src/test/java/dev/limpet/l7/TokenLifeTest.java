package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenLifeTest {
  private static final long NOW = 100_000;

  private final TestClock clock = new TestClock();

  @ParameterizedTest
  @CsvSource({
    "SLIDING, 0,    0,    false",
    "SLIDING, 9999, 0,    false",
    "SLIDING, 59,   59,   false",
    "SLIDING, 60,   60,   true",
    "SLIDING, 5000, 1020, true",
    "SLIDING, -61,  -61,  true",
    "SLIDING, -60,  -60,  false",
    "ABSOLUTE, 959,  959,  false",
    "ABSOLUTE, 960,  960,  false",
    "ABSOLUTE, 961,  961,  true",
    "ABSOLUTE, -61,  -61,  true"
  })
  void aTokenIsSpentWhenItIsNotAliveOrItsNextUseRenewsIt(
      Mode mode, long age, long idle, boolean spent) {
    StickySession session =
        StickySession.lbCookie().withDuration(Duration.ofMinutes(16)).withMode(mode);
    TokenLife life = new TokenLife(session, Duration.ofMinutes(1), clock);
    LbToken token = SignedToken.of(1, NOW - age, NOW - idle, 5, 6);

    assertThat(life.isSpent(token, NOW)).isEqualTo(spent);
  }

  @ParameterizedTest
  @CsvSource({
    "2023-12-31T23:59:59Z, 0",
    "2024-01-01T00:00:00Z, 0",
    "2024-01-01T00:00:01.999Z, 1",
    "2024-01-02T00:00:00Z, 86400",
    "2200-01-01T00:00:00Z, 4294967295"
  })
  void timeIsInWholeSecondsSince2024(Instant instant, long seconds) {
    clock.set(instant);

    TokenLife life = new TokenLife(StickySession.lbCookie(), Duration.ofMinutes(1), clock);

    assertThat(life.now()).isEqualTo(seconds);
  }
}
