package dev.limpet.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Pool;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** Waits for what another process or a socket does. */
final class Wait {
  private static final long MOST = Duration.ofSeconds(10).toNanos();

  private Wait() {}

  static void until(String what, int expected, IntSupplier actual) throws InterruptedException {
    long start = System.nanoTime();
    while (actual.getAsInt() != expected && System.nanoTime() - start < MOST) {
      TimeUnit.MILLISECONDS.sleep(2);
    }
    assertThat(actual.getAsInt()).as(what).isEqualTo(expected);
  }

  static void untilOpenRoutes(Pool pool, int expected) throws InterruptedException {
    until("open routes", expected, () -> openRoutes(pool));
  }

  static int openRoutes(Pool pool) {
    return pool.snapshot().members().stream()
        .mapToInt(member -> member.load().connections())
        .sum();
  }
}
