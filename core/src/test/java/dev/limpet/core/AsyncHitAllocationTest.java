package dev.limpet.core;

import static dev.limpet.core.Routing.affinity;
import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.requests;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CompactStickyTable;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class AsyncHitAllocationTest {
  private static final int SESSIONS = 100;
  private static final int STAGE_BYTES = 24;
  private static final int ROUNDS = 10;

  /** Few enough that the compiler has optimized nothing, and could be thanked for it. */
  @Test
  void aHitAllocatesItsStageAlone() {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean
            && bean.isThreadAllocatedMemorySupported(),
        "this runtime does not measure allocation");
    List<String> sessions = requests(SESSIONS);
    KeyAffinity<String> affinity =
        affinity(CompactStickyTable.of(StickySession.custom(), 2L * SESSIONS));
    LateBinder binder = new LateBinder(affinity);
    AsyncStickyRouter<String> router =
        new AsyncStickyRouter<>(StickyRouter.builder(pool("a", "b"), affinity), binder);
    sessions.forEach(session -> binder.answered(() -> router.route(session)));
    List<CompletionStage<Route>> hits = sessions.stream().map(router::route).toList();
    assertThat(hits).allMatch(hit -> hit.toCompletableFuture().isDone());

    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      least = Math.min(least, bytesOf(router, sessions));
    }

    assertThat((double) least / SESSIONS).isLessThanOrEqualTo(STAGE_BYTES);
  }

  private static long bytesOf(AsyncStickyRouter<String> router, List<String> sessions) {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = bean.getThreadAllocatedBytes(Thread.currentThread().getId());
    for (int i = 0; i < sessions.size(); i++) {
      router.route(sessions.get(i));
    }
    return bean.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
  }
}
