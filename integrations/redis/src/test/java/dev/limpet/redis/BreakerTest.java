package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private long millis = Long.MAX_VALUE / 2_000_000;

  private final Breaker breaker = new Breaker(() -> TimeUnit.MILLISECONDS.toNanos(millis));

  @Test
  void opens_afterTenFailuresInARow() {
    failTimes(9);
    assertThat(breaker.admit()).isNotEqualTo(Breaker.REFUSED);
    failTimes(1);
    assertThat(breaker.admit()).isEqualTo(Breaker.REFUSED);
  }

  @Test
  void anAnswer_beginsTheCountAnew() {
    failTimes(9);
    breaker.answered();
    failTimes(9);
    assertThat(breaker.admit()).isNotEqualTo(Breaker.REFUSED);
  }

  @Test
  void oneProbeIsLetThroughAtATime() {
    failTimes(10);
    millis += 49;
    assertThat(breaker.admit()).isEqualTo(Breaker.REFUSED);
    millis += 51;
    assertThat(breaker.admit()).isNotEqualTo(Breaker.REFUSED);
    assertThat(breaker.admit()).isEqualTo(Breaker.REFUSED);
    breaker.answered();
    assertThat(breaker.admit()).isNotEqualTo(Breaker.REFUSED);
    assertThat(breaker.admit()).isNotEqualTo(Breaker.REFUSED);
  }

  @Test
  void pausesDoubleUpToFiveSecondsAndBeginAnewAfterAnAnswer() {
    for (int round = 0; round < 2; round++) {
      failTimes(10);
      for (long pause : new long[] {100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000}) {
        millis += pause / 2 - 1;
        assertThat(breaker.admit()).isEqualTo(Breaker.REFUSED);
        millis += pause / 2 + 1;
        failTimes(1);
      }
      breaker.answered();
    }
  }

  @Test
  void failuresOfCallsFromBeforeItOpened_areNotOfTheProbe() {
    long old = breaker.admit();
    failTimes(10);
    breaker.failed(old);
    millis += 100;
    long probe = breaker.admit();
    breaker.failed(old);
    assertThat(breaker.admit()).isEqualTo(Breaker.REFUSED);
    millis += 1_000;
    assertThat(breaker.admit()).isEqualTo(Breaker.REFUSED);
    breaker.failed(probe);
    millis += 200;
    assertThat(breaker.admit()).isNotEqualTo(Breaker.REFUSED);
  }

  @Test
  void theConnectionIsGivenUp_onceFiveProbesInARowHeardNothing() {
    failTimes(10);
    for (int round = 0; round < 2; round++) {
      for (int probe = 1; probe <= 5; probe++) {
        millis += 5_000;
        assertThat(breaker.failed(breaker.admit())).isEqualTo(probe == 5);
      }
    }
  }

  @Test
  void theConnectionIsKept_whileItAnswersLate() {
    failTimes(10);
    for (int probe = 1; probe <= 20; probe++) {
      millis += 5_000;
      assertThat(breaker.failed(breaker.admit())).isFalse();
      breaker.late();
    }
  }

  private void failTimes(int times) {
    for (int i = 0; i < times; i++) {
      breaker.failed(breaker.admit());
    }
  }
}
