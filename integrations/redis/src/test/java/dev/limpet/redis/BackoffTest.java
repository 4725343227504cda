package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How the proxies of a fleet are kept from coming back all at once. */
class BackoffTest {
  private static final int PROXIES = 50;
  private static final int ATTEMPTS = 10;

  @Test
  void pauses_areFromTheUpperHalfOfATimeThatDoubles() {
    Backoff backoff = new Backoff();
    for (long longest : new long[] {100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000}) {
      assertThat(backoff.next()).isBetween(longest / 2, longest);
    }
    backoff.reset();
    assertThat(backoff.next()).isBetween(50L, 100L);
  }

  @Test
  void pausesOfManyProxies_areSpreadOverAllThatTime() {
    List<Long> pauses =
        Stream.generate(Backoff::new).limit(PROXIES).map(BackoffTest::late).toList();

    assertThat(pauses).allMatch(pause -> pause >= 2_500 && pause <= 5_000);
    assertThat(pauses).anyMatch(pause -> pause < 3_125).anyMatch(pause -> pause > 4_375);
    assertThat(pauses.stream().distinct()).hasSizeGreaterThan(PROXIES / 2);
  }

  @Test
  void lostConnectionsOfManyProxies_areMadeAgainAtTimesOfTheirOwn() throws Exception {
    ClientResources resources = RedisLink.resources().build();
    List<List<Duration>> pauses = Stream.generate(resources::reconnectDelay)
        .limit(PROXIES)
        .map(BackoffTest::pauses)
        .toList();
    resources.shutdown(0, 5, TimeUnit.SECONDS).get();

    assertThat(pauses)
        .allSatisfy(ofOne -> assertThat(ofOne)
            .allMatch(pause -> pause.toMillis() >= 20 && pause.toMillis() <= 5_000));
    assertThat(pauses.stream().distinct()).hasSize(PROXIES);
    assertThat(pauses.stream().map(ofOne -> ofOne.get(ATTEMPTS - 1)).distinct())
        .hasSizeGreaterThan(PROXIES / 2);
  }

  private static long late(Backoff backoff) {
    LongStream.range(0, ATTEMPTS).forEach(attempt -> backoff.next());
    return backoff.next();
  }

  private static List<Duration> pauses(Delay delay) {
    return LongStream.rangeClosed(1, ATTEMPTS).mapToObj(delay::createDelay).toList();
  }
}
