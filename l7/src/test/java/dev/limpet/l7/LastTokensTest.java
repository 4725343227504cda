package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LastTokensTest {
  private static final Duration LIFE = LbFixture.DURATION.plus(LbFixture.THRESHOLD);

  private final TestClock clock = new TestClock();
  private final LastTokens last = new LastTokens(life());

  @Test
  void namesWhoseTokensEnded_areForgotten() {
    for (int generation = 0; generation < 10_000; generation++) {
      last.addNew("web@" + generation);
      clock.advance(Duration.ofMinutes(1));
    }

    assertThat(last.size()).isLessThanOrEqualTo(65);
    assertThat(last.remaining("web@9999").longest()).isEqualTo(LIFE.minusMinutes(1));
  }

  @Test
  void namesWithTokens_areKept() {
    IntStream.range(0, 1000).forEach(i -> last.addNew("web" + i));
    clock.advance(LIFE.minusSeconds(1));
    IntStream.range(1000, 3000).forEach(i -> last.addNew("web" + i));

    assertThat(IntStream.range(0, 1000).mapToObj(i -> last.remaining("web" + i).longest()))
        .allMatch(Duration.ofSeconds(1)::equals);
    assertThat(last.size()).isEqualTo(3000);
  }

  @Test
  void anOlderToken_shortensNothing() {
    clock.advance(LIFE);
    long now = life().now();
    last.addNew("a");

    last.add("a", SignedToken.of(1, now - 100, now - 100, 5, 6));

    assertThat(last.remaining("a").longest()).isEqualTo(LIFE);
  }

  @Test
  void ofThreadsThatRace_theLastTokenCounts() throws InterruptedException {
    clock.advance(LIFE);
    long now = life().now();
    AtomicLong next = new AtomicLong(now - 5_000);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    CountDownLatch start = new CountDownLatch(1);
    for (int i = 0; i < 4; i++) {
      threads.execute(() -> {
        await(start);
        for (long at = next.getAndIncrement(); at <= now; at = next.getAndIncrement()) {
          last.add("a", SignedToken.of(1, at, at, 5, 6));
        }
      });
    }
    start.countDown();
    threads.shutdown();
    assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();

    assertThat(last.remaining("a").longest()).isEqualTo(LIFE);
  }

  private TokenLife life() {
    return new TokenLife(LbFixture.sessions(), LbFixture.THRESHOLD, clock);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
