package dev.limpet.examples.embedding;

import dev.limpet.core.Backend;
import dev.limpet.core.CoarseClock;
import dev.limpet.core.Environment;
import dev.limpet.core.NanoClock;
import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import dev.limpet.l4.SourceIpAffinity;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/** The example of {@code docs/performance.md}. */
final class PerformanceExamples extends Embedder {

  StickyRouter<Socket> withACoarseClock(
      ScheduledExecutorService executor, byte[] secret, List<Backend> backends) {
    CoarseClock clock = NanoClock.coarse(executor, Duration.ofMillis(10));
    Environment environment = Environment.of(secret).withClock(clock);
    Pool pool = Pool.builder("db").backends(backends).environment(environment).build();
    SourceIpAffinity<Socket> affinity = SourceIpAffinity.builder(Socket::getInetAddress)
        .environment(environment)
        .build();
    return StickyRouter.of(pool, affinity);
  }
}
