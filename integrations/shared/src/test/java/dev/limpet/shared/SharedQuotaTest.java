package dev.limpet.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.affinity.PendingAdmissions;
import dev.limpet.core.affinity.Quota;
import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A quota of a table that is shared, where sessions are bound in the store. All are of one group.
 */
class SharedQuotaTest {
  private static final int SESSIONS = 20_000;

  private final Fleet fleet = new Fleet(2, Fleet.SLIDING, 100_000, "a", "b", "c");
  private final Fleet.Proxy left = fleet.proxy(0);
  private final Fleet.Proxy right = fleet.proxy(1);

  @Test
  void boundSessions_areNotPending() {
    KeyAffinity<Long> affinity = affinity(Quota.ofLive(SESSIONS));
    StickyRouter<Long> router = router(affinity);

    LongStream.range(0, SESSIONS).forEach(router::routeAsync);

    assertThat(router.stats().count(Outcome.NEW)).isEqualTo(SESSIONS);
    assertThat(PendingAdmissions.of(affinity)).isZero();
    assertThat(affinity.overQuota()).isZero();
  }

  @Test
  void sessionsThatTheStoreDidNotBind_leaveTheirRoomAtOnce() {
    KeyAffinity<Long> affinity = affinity(Quota.ofLive(100));
    StickyRouter<Long> router = router(affinity);
    left.link.cut();
    LongStream.range(0, 1_000).forEach(router::routeAsync);
    assertThat(router.stats().count(Reason.STORE_UNAVAILABLE)).isEqualTo(1_000);

    left.link.healSilently();
    LongStream.range(1_000, 1_100).forEach(router::routeAsync);

    assertThat(router.stats().count(Outcome.NEW)).isEqualTo(100);
    assertThat(affinity.overQuota()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void whenAllAreAnswered_nothingIsPending(long seed) {
    Random random = new Random(seed);
    KeyAffinity<Long> affinity = affinity(Quota.ofLive(50).andNewPerSecond(500));
    StickyRouter<Long> router = router(affinity);
    left.link.delay(() -> Duration.ofNanos(random.nextInt(15_000_000)));
    left.link.lose(() -> random.nextInt(10) == 0);

    for (int step = 0; step < 3_000; step++) {
      long session = random.nextInt(200);
      switch (random.nextInt(20)) {
        case 0 -> left.link.cut();
        case 1, 2, 3 -> left.link.healSilently();
        case 4 -> router.unbind(session);
        case 5 -> right.route(session);
        case 6 -> left.pool.change(edit -> edit.down("a").down("b").down("c"));
        case 7, 8 -> left.pool.change(edit -> edit.up("a").up("b").up("c"));
        case 9 -> fleet.time.pass(Duration.ofSeconds(random.nextInt(30)));
        default -> router.routeAsync(session).toCompletableFuture().cancel(random.nextBoolean());
      }
      fleet.time.pass(Duration.ofMillis(random.nextInt(5)));
    }
    fleet.time.pass(Duration.ofSeconds(1));

    assertThat(PendingAdmissions.of(affinity)).isZero();
  }

  private KeyAffinity<Long> affinity(Quota quota) {
    return left.affinity().quota(quota, KeyExtractor.number(session -> 1)).build();
  }

  private StickyRouter<Long> router(KeyAffinity<Long> affinity) {
    return StickyRouter.of(left.pool, affinity);
  }
}
