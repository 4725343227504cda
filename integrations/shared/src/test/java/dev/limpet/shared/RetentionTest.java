package dev.limpet.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetentionTest {
  private static final StickySession SLIDING =
      StickySession.sourceIp().withDuration(Duration.ofMinutes(3));

  @Test
  void retention_isFourThirdsOfASlidingDurationAndALittleMoreThanAnAbsolute() {
    assertRetention(Retention.of(SLIDING), 240_000, 197_813);
    assertRetention(Retention.of(SLIDING.withMode(Mode.ABSOLUTE)), 185_625, 0);
    assertRetention(Retention.of(SLIDING.withDuration(Duration.ofNanos(1))), 1, 1);
    assertRetention(Retention.of(SLIDING.withDuration(Duration.ofMillis(100))), 134, 110);
  }

  @Test
  void after_countsFromTheUse_andLeavesAMomentAtLeast() {
    Retention sliding = Retention.of(SLIDING);

    assertRetention(sliding.after(Duration.ZERO), 240_000, 197_813);
    assertRetention(sliding.after(Duration.ofMillis(42_187)), 197_813, 197_813);
    assertRetention(sliding.after(Duration.ofMinutes(2)), 120_000, 120_000);
    assertRetention(sliding.after(Duration.ofDays(1)), 1, 1);
    Retention absolute = Retention.of(SLIDING.withMode(Mode.ABSOLUTE));
    assertRetention(absolute.after(Duration.ofMinutes(1)), 125_625, 0);
    assertRetention(absolute.after(Duration.ofDays(1)), 1, 0);
  }

  private static void assertRetention(Retention retention, long millis, long renewBelow) {
    assertThat(retention.millis()).isEqualTo(millis);
    assertThat(retention.renewBelow()).isEqualTo(renewBelow);
  }
}
