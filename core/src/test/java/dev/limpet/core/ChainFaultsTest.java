package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CompactStickyTable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Chains of affinities of which one ends the search, or begins a session by its response. */
class ChainFaultsTest {

  @Test
  void anUnusableKeyOfALaterAffinity_doesNotHideASessionThatOnlyTheStoreKnows() {
    Pool pool = Routing.pool("a", "b", "c");
    Store store = new Store();
    store.elsewhere = "b";
    KeyAffinity<String> unusable = KeyAffinity.<String>builder(
            (text, hasher) -> KeyExtractor.UNUSABLE)
        .environment(Routing.ENVIRONMENT)
        .build();
    StickyRouter<String> router = StickyRouter.of(pool, Routing.affinity(store).orElse(unusable));

    Route route = router.routeAsync("x").toCompletableFuture().join();

    assertThat(route).hasToString("KEPT b");
  }

  @Test
  void aSessionThatAResponseBegins_isKeptWhileOpen_alsoIfSessionsReturnToEarlierTiers() {
    AtomicLong now = new AtomicLong();
    Pool pool = Routing.counting(backend("a"), backend("b"));
    StickyTable table = CompactStickyTable.of(
        StickySession.custom().withDuration(Duration.ofMinutes(1)), 100, now::get);
    KeyAffinity<String> byUser = KeyAffinity.<String>builder(
            (text, hasher) -> text.startsWith("user") ? hasher.string(text) : KeyExtractor.NONE)
        .environment(Routing.ENVIRONMENT)
        .table((session, environment) -> table)
        .build();
    KeyAffinity<String> absolute = KeyAffinity.<String>builder(Routing.TEXT)
        .environment(Routing.ENVIRONMENT)
        .session(StickySession.custom()
            .withDuration(Duration.ofHours(1))
            .withMode(StickySession.Mode.ABSOLUTE))
        .build();
    StickyRouter<String> router = StickyRouter.<String>builder(pool, byUser.orElse(absolute))
        .returnToEarlierTier(true)
        .build();
    Route open = router.route("guest");
    table.bind(Routing.key("user 1"), null, id(open), true);
    open.seenBy(0).keep(table, Routing.key("user 1"));
    now.addAndGet(Duration.ofMinutes(10).toNanos());

    assertThat(router.peek("user 1")).hasToString(id(open));
  }

  /** A table that other processes share, whose store answers at once. */
  private static final class Store implements StickyTable {
    private final StickyTable here = Routing.table(100);

    @Nullable
    String elsewhere;

    @Override
    public boolean isShared() {
      return true;
    }

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
      return false;
    }

    @Override
    public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
      return here.bind(key, expected, candidate, byHash);
    }

    @Override
    public CompletionStage<Bound> findAsync(long key) {
      String found = elsewhere;
      if (found == null) {
        return CompletableFuture.completedStage(Bound.ABSENT);
      }
      here.bind(key, null, found, true);
      return CompletableFuture.completedStage(Bound.held(found));
    }

    @Override
    public boolean unbind(long key, String expected) {
      return here.unbind(key, expected);
    }
  }
}
