package dev.limpet.micrometer;

import static dev.limpet.micrometer.Routing.affinity;
import static dev.limpet.micrometer.Routing.pool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Affinity;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Recall;
import dev.limpet.core.Remaining;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickyTable;
import dev.limpet.core.affinity.ForwardingAffinity;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DrainMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Reader reader = new Reader(registry);
  private final Pool pool = pool("a", "b");

  @Test
  void aDrainingBackendWithBindings_hasTheTimeUntilTheyExpire() {
    StickyRouter<String> router = Routing.router(pool);
    Routing.requests(10).forEach(router::route);
    pool.change(edit -> edit.drain("a"));
    DrainMetrics.of(router).bindTo(registry);

    assertThat(remaining("a"))
        .isEqualTo(router.affinity().remaining("a").longest().toMillis() / 1000.0)
        .isGreaterThan(1200);
    assertThat(remaining("b")).isZero();
  }

  @Test
  void aDrainingBackendWithoutBindings_hasNoTimeLeft() {
    pool.change(edit -> edit.drain("a"));
    DrainMetrics.of(Routing.router(pool)).bindTo(registry);

    assertThat(remaining("a")).isZero();
  }

  @Test
  void sessionsThatAreNotCounted_haveTheTimeThatTheAffinityTells() {
    pool.change(edit -> edit.drain("a").drain("b"));
    DrainMetrics.of(router(Remaining.uncounted(Duration.ofMillis(90_500))), "pool", 1)
        .bindTo(registry);

    assertThat(remaining("a")).isEqualTo(90.5);
    assertThat(remaining("other")).isEqualTo(90.5);
  }

  @Test
  void anUnknownTime_isNotANumber() {
    pool.change(edit -> edit.drain("a"));
    DrainMetrics.of(router(Remaining.UNKNOWN)).bindTo(registry);

    assertThat(remaining("a")).isNaN();
    assertThat(remaining("b")).isZero();
  }

  private double remaining(String backend) {
    return reader.value(
        LimpetMeter.DRAIN_REMAINING, "pool", "pool", "router", "pool", "backend", backend);
  }

  /** Makes a router of sessions that are in no table. */
  private StickyRouter<String> router(Remaining remaining) {
    return StickyRouter.of(pool, new Uncounted(affinity(Routing.table(10)), remaining));
  }

  /** An affinity that is told what is left. */
  private static final class Uncounted extends ForwardingAffinity<String> {
    private final Affinity<String> to;
    private final Remaining remaining;

    Uncounted(Affinity<String> to, Remaining remaining) {
      super(to);
      this.to = to;
      this.remaining = remaining;
    }

    @Override
    public Recall recall(String request, PoolSnapshot backends) {
      return to.recall(request, backends);
    }

    @Override
    public Recall peek(String request, PoolSnapshot backends) {
      return to.peek(request, backends);
    }

    @Override
    public long key(String request) {
      return to.key(request);
    }

    @Override
    public boolean admits(String request, long key) {
      return to.admits(request, key);
    }

    @Override
    public Remaining remaining(String name) {
      return remaining;
    }

    @Override
    public @Nullable StickyTable table() {
      return null;
    }
  }
}
