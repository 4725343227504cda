package dev.limpet.core;

import static dev.limpet.core.Routing.affinity;
import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.counting;
import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.requests;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.TableKind;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HitAllocationTest {
  private static final int HITS = 100_000;
  private static final int WARM_UP_ROUNDS = 20;
  private static final double SLACK_BYTES = 1;

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"COMPACT, 0", "CAFFEINE, 24"})
  void aHitAllocatesNothing_orTheBoxedKeyOfACache(TableKind kind, int bytes) {
    StickyTable table = kind.of(StickySession.custom(), 2_000, () -> 0);

    assertThat(bytesOfAHit(StickyRouter.of(pool("a", "b"), affinity(table)), StickyRouter::route))
        .isLessThan(bytes + SLACK_BYTES);
  }

  @Tag("slow")
  @Test
  void aHitInAPoolThatCounts_allocatesItsRouteAndItsHold() {
    assertThat(bytesOfAHit(countingRouter(), StickyRouter::route)).isLessThan(120 + SLACK_BYTES);
  }

  @Tag("slow")
  @Test
  void aHitInAPoolThatCounts_allocatesItsStagesTooIfItIsAskedForOne() {
    assertThat(bytesOfAHit(countingRouter(), HitAllocationTest::joined))
        .isLessThan(200 + SLACK_BYTES);
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"1, false", "7, false", "1, true", "7, true"})
  void aHitAllocatesNothing_whereverItsAffinityIsInAChain(int position, boolean othersFindKeys) {
    KeyExtractor<String> none = (text, hasher) -> KeyExtractor.NONE;
    Affinity<String> chain = bindingIn(othersFindKeys ? Routing.TEXT : none, 1);
    for (int i = 1; i < position; i++) {
      chain = chain.orElse(bindingIn(othersFindKeys ? Routing.TEXT : none, 1));
    }
    StickyRouter<String> filler = StickyRouter.of(pool("a", "b"), chain);
    requests(position).forEach(text -> filler.route("takes a slot, " + text));
    StickyRouter<String> router =
        StickyRouter.of(pool("a", "b"), chain.orElse(bindingIn(Routing.TEXT, 2_000)));

    assertThat(bytesOfAHit(router, StickyRouter::route)).isLessThan(SLACK_BYTES);
    assertThat(router.route("session-1").affinity()).isEqualTo(position);
  }

  private static Affinity<String> bindingIn(KeyExtractor<String> extractor, long capacity) {
    return KeyAffinity.<String>builder(extractor)
        .environment(Routing.ENVIRONMENT)
        .table((session, environment) -> Routing.table(capacity))
        .build();
  }

  private static StickyRouter<String> countingRouter() {
    StickyTable table = TableKind.COMPACT.of(StickySession.custom(), 2_000, () -> 0);
    return StickyRouter.of(counting(backend("a"), backend("b")), affinity(table));
  }

  private static Route joined(StickyRouter<String> router, String request) {
    return router.routeAsync(request).toCompletableFuture().join();
  }

  private static double bytesOfAHit(
      StickyRouter<String> router, BiFunction<StickyRouter<String>, String, Route> asking) {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean
            && bean.isThreadAllocatedMemorySupported(),
        "this runtime does not measure allocation");
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    List<String> sessions = requests(1_000);
    sessions.forEach(session -> router.route(session).close());

    long least = Long.MAX_VALUE;
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      long before = bean.getThreadAllocatedBytes(Thread.currentThread().getId());
      hit(router, sessions, asking);
      long after = bean.getThreadAllocatedBytes(Thread.currentThread().getId());
      least = Math.min(least, after - before);
    }
    assertThat(router.stats().count(Outcome.KEPT)).isEqualTo((long) WARM_UP_ROUNDS * HITS);
    return (double) least / HITS;
  }

  private static void hit(
      StickyRouter<String> router,
      List<String> sessions,
      BiFunction<StickyRouter<String>, String, Route> asking) {
    for (int i = 0; i < HITS; i++) {
      try (Route route = asking.apply(router, sessions.get(i % sessions.size()))) {
        if (route.backend() == null) {
          throw new AssertionError("no backend");
        }
      }
    }
  }
}
