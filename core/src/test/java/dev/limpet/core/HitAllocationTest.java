package dev.limpet.core;

import static dev.limpet.core.Routing.affinity;
import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.requests;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.limpet.core.table.TableKind;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HitAllocationTest {
  private static final int HITS = 100_000;
  private static final int WARM_UP_ROUNDS = 20;
  private static final double SLACK_BYTES = 1;

  @ParameterizedTest
  @CsvSource({"COMPACT, 0", "CAFFEINE, 24"})
  void aHitAllocatesNothing_orTheBoxedKeyOfACache(TableKind kind, int bytes) {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean
            && bean.isThreadAllocatedMemorySupported(),
        "this runtime does not measure allocation");
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    List<String> sessions = requests(1_000);
    StickyTable table = kind.of(StickySession.custom(), 2_000, () -> 0);
    StickyRouter<String> router = StickyRouter.of(pool("a", "b"), affinity(table));
    sessions.forEach(router::route);

    long least = Long.MAX_VALUE;
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      long before = bean.getThreadAllocatedBytes(Thread.currentThread().getId());
      hit(router, sessions);
      long after = bean.getThreadAllocatedBytes(Thread.currentThread().getId());
      least = Math.min(least, after - before);
    }

    assertThat((double) least / HITS).isLessThan(bytes + SLACK_BYTES);
    assertThat(router.stats().count(Outcome.KEPT)).isEqualTo((long) WARM_UP_ROUNDS * HITS);
  }

  private static void hit(StickyRouter<String> router, List<String> sessions) {
    for (int i = 0; i < HITS; i++) {
      if (router.route(sessions.get(i % sessions.size())).backend() == null) {
        throw new AssertionError("no backend");
      }
    }
  }
}
