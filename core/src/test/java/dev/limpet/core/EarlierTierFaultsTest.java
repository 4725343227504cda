package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.table.CompactStickyTable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Sessions that must not leave their backend for an earlier tier. */
class EarlierTierFaultsTest {
  private final Pool pool = Pool.of(
      "pool",
      backend("a"),
      backend("b").withTier(1),
      backend("c").withTier(1),
      backend("d").withTier(1));

  private static StickyRouter<String> returning(Pool pool, StickyTable table) {
    return StickyRouter.<String>builder(pool, Routing.affinity(table))
        .returnToEarlierTier(true)
        .build();
  }

  @Test
  void ifTheEarlierTierCannotBeReached_theSessionGoesBackToItsOwnBackend() {
    StickyRouter<String> router = returning(pool, Routing.table(100));
    pool.change(edit -> edit.down("a"));
    for (String session : Routing.requests(20)) {
      Route own = router.route(session);
      pool.change(edit -> edit.up("a"));
      Route moved = router.route(session);
      assertThat(moved).hasToString("MOVED a (EARLIER_TIER)");

      Route next = router.reroute(session, moved);

      assertThat(id(next)).isEqualTo(id(own));
      pool.change(edit -> edit.down("a"));
      assertThat(router.route(session)).hasToString("KEPT " + id(own));
    }
  }

  @Test
  void aSessionThatReturns_probesNothing() {
    AtomicLong nanos = new AtomicLong();
    Pool probed = Pool.builder("pool")
        .environment(Routing.ENVIRONMENT.withClock(nanos::get))
        .passiveHealth(PassiveHealth.builder().failures(1).build())
        .backends(List.of(backend("a"), backend("b"), backend("c").withTier(1)))
        .build();
    String ofA = Routing.requests(100).stream()
        .filter(session ->
            Routing.rendezvous(probed.snapshot(), Routing.key(session)).equals("a"))
        .findFirst()
        .orElseThrow();
    StickyTable table = Routing.table(100);
    StickyRouter<String> router = returning(probed, table);
    Route toA = router.route("any");
    Route other = router.route("other");
    router.failed(id(toA).equals("a") ? toA : other, FailureKind.CONNECT);
    table.bind(Routing.key(ofA), null, "c", true);
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());

    assertThat(router.route(ofA)).hasToString("MOVED b (EARLIER_TIER)");
  }

  @Test
  void whileTheStoreIsSilent_theSessionStays() {
    StickyTable table = new Silent();
    StickyRouter<String> router = returning(pool, table);
    pool.change(edit -> edit.down("a"));
    Route own = router.route("x");
    pool.change(edit -> edit.up("a"));

    Route next = router.routeAsync("x").toCompletableFuture().join();

    assertThat(next).hasToString("KEPT " + id(own));
  }

  @Test
  void parallelRequestsOfASessionThatReturns_goToTheSameBackend() {
    Pool counting = Routing.counting(backend("a"), backend("b").withTier(1));
    StickyRouter<String> router = StickyRouter.<String>builder(counting, new ByClient("b"))
        .returnToEarlierTier(true)
        .build();

    Route first = router.route("x");
    Route second = router.route("x");

    assertThat(first).hasToString("MOVED a (EARLIER_TIER)");
    assertThat(second).hasToString("MOVED a (EARLIER_TIER)");
  }

  /** An affinity whose sessions are with the client, which has not got the new binding yet. */
  private record ByClient(String bound) implements Affinity<String> {
    @Override
    public Recall recall(String request, PoolSnapshot pool) {
      return Recall.of(bound, pool);
    }

    @Override
    public Recall peek(String request, PoolSnapshot pool) {
      return Recall.of(bound, pool);
    }

    @Override
    public long key(String request) {
      return Routing.key(request);
    }

    @Override
    public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
      return Bound.stored(candidate);
    }

    @Override
    public boolean unbind(long key, String expected) {
      return false;
    }

    @Override
    public StickySession session() {
      return StickySession.custom();
    }
  }

  /** A table whose store does not answer. */
  private static final class Silent implements StickyTable {
    private final StickyTable here = CompactStickyTable.of(StickySession.custom(), 100, () -> 0);

    @Override
    public @Nullable String lookup(long key) {
      return here.lookup(key);
    }

    @Override
    public @Nullable String peek(long key) {
      return here.peek(key);
    }

    @Override
    public boolean wantsHash(long key) {
      return here.wantsHash(key);
    }

    @Override
    public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
      return here.bind(key, expected, candidate, byHash);
    }

    @Override
    public CompletionStage<Bound> bindAsync(
        long key, @Nullable String expected, String candidate, boolean byHash) {
      return CompletableFuture.completedStage(Bound.UNAVAILABLE);
    }

    @Override
    public boolean unbind(long key, String expected) {
      return here.unbind(key, expected);
    }
  }
}
