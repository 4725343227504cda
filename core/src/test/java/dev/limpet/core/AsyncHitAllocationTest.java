package dev.limpet.core;

import static dev.limpet.core.Routing.affinity;
import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.counting;
import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.requests;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.limpet.core.table.CompactStickyTable;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class AsyncHitAllocationTest {
  private static final int SESSIONS = 100;
  private static final int STAGE_BYTES = 24;
  private static final int COUNTED_BYTES = 200;
  private static final int ROUNDS = 10;

  /** Few enough that the compiler has optimized nothing, and could be thanked for it. */
  @Test
  void aHitAllocatesItsStageAlone() {
    assertThat(bytesOfAHit(pool("a", "b"))).isLessThanOrEqualTo(STAGE_BYTES);
  }

  @Test
  void aHitInAPoolThatCounts_allocatesItsRouteItsHoldAndItsStage() {
    assertThat(bytesOfAHit(counting(backend("a"), backend("b"))))
        .isLessThanOrEqualTo(COUNTED_BYTES);
  }

  private static double bytesOfAHit(Pool pool) {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean
            && bean.isThreadAllocatedMemorySupported(),
        "this runtime does not measure allocation");
    List<String> sessions = requests(SESSIONS);
    LateTable table = new LateTable(CompactStickyTable.of(StickySession.custom(), 2L * SESSIONS));
    StickyRouter<String> router = StickyRouter.of(pool, affinity(table));
    sessions.forEach(session -> table.answered(() -> router.routeAsync(session)).close());
    List<CompletionStage<Route>> hits =
        sessions.stream().map(router::routeAsync).toList();
    assertThat(hits).allMatch(hit -> hit.toCompletableFuture().isDone());
    hits.forEach(hit -> hit.toCompletableFuture().join().close());

    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      least = Math.min(least, bytesOf(router, sessions));
    }
    return (double) least / SESSIONS;
  }

  private static long bytesOf(StickyRouter<String> router, List<String> sessions) {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    CompletionStage<?>[] hits = new CompletionStage<?>[sessions.size()];
    long before = bean.getThreadAllocatedBytes(Thread.currentThread().getId());
    for (int i = 0; i < hits.length; i++) {
      hits[i] = router.routeAsync(sessions.get(i));
    }
    long after = bean.getThreadAllocatedBytes(Thread.currentThread().getId());
    for (CompletionStage<?> hit : hits) {
      ((Route) hit.toCompletableFuture().join()).close();
    }
    return after - before;
  }
}
