package dev.limpet.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.limpet.core.Backend;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.Routing;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CaffeineStickyTable;
import dev.limpet.core.table.StickyTableRaceContract.ManualClock;
import dev.limpet.core.table.TableKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OverflowTest {
  private static final Duration T = Duration.ofMinutes(20);
  private static final long OWN = 50_000;

  private final ManualClock clock = new ManualClock(0);
  private final Pool pool = Pool.of(
      "web",
      backend("a").withWeight(5),
      backend("b"),
      backend("c"),
      backend("d").withWeight(3));

  @Tag("slow")
  @ParameterizedTest
  @EnumSource
  void sessionsWithoutAPlace_staySpreadByWeightAndSticky(TableKind kind) {
    StickyRouter<Long> router = full(kind, 100);

    int sessions = 400_000;
    Map<String, Integer> spread = new HashMap<>();
    for (long key = OWN; key < OWN + sessions; key++) {
      Route route = router.route(key);
      assertHashed(route);
      spread.merge(route.backend().id(), 1, Integer::sum);
    }
    for (long key = OWN; key < OWN + 50; key++) {
      Backend first = router.route(key).backend();
      for (int request = 1; request < 1_000; request++) {
        Route route = router.route(key);
        assertHashed(route);
        assertThat(route.backend()).isEqualTo(first);
      }
    }

    Map.of("a", 5, "b", 1, "c", 1, "d", 3)
        .forEach((id, weight) ->
            assertThat(spread.get(id) / (sessions * weight / 10.0)).isBetween(0.99, 1.01));
  }

  @ParameterizedTest
  @EnumSource
  void sessionWithoutAPlace_staysWhereItIsWhenItGetsOne(TableKind kind) {
    StickyRouter<Long> router = full(kind, 1_000);
    Map<Long, Backend> hashed = new HashMap<>();
    for (long key = OWN; key < OWN + kind.share * 1_000; key++) {
      Route route = router.route(key);
      assertHashed(route);
      hashed.put(key, route.backend());
    }

    for (long own = 1; own < OWN; own++) {
      router.unbind(own);
    }

    long kept = router.stats().count(Outcome.KEPT);
    for (int request = 0; request < 50; request++) {
      clock.advance(T.dividedBy(10));
      hashed.forEach((key, backend) -> assertThat(router.route(key).backend()).isEqualTo(backend));
    }
    assertThat(router.stats().count(Outcome.KEPT) - kept).isEqualTo(49L * hashed.size());
  }

  @Tag("long")
  @ParameterizedTest
  @EnumSource
  void halfFullOfActiveSessions_losesNoBindingWhereACacheDoes(TableKind kind) {
    int capacity = 10_000;
    StickyRouter<Long> router = router(kind, capacity);
    Cache<Long, Boolean> cache =
        Caffeine.newBuilder().maximumSize(capacity).executor(Runnable::run).build();
    SplittableRandom random = new SplittableRandom(1);
    List<Visitor> active = new ArrayList<>();
    long visitors = 0;
    while (active.size() < capacity / 2) {
      active.add(new Visitor(++visitors));
    }

    long lostByCache = 0;
    for (int request = 0; request < 1_000_000; request++) {
      clock.advance(Duration.ofMillis(1));
      int index = random.nextInt(active.size());
      Visitor visitor = active.get(index);
      Backend backend = router.route(visitor.key).backend();
      boolean cached = cache.getIfPresent(visitor.key) != null;
      cache.put(visitor.key, true);
      if (visitor.requests > 0) {
        assertThat(backend).isEqualTo(visitor.backend);
        lostByCache += cached ? 0 : 1;
      }
      visitor.backend = backend;
      if (++visitor.requests == 20) {
        active.set(index, new Visitor(++visitors));
      }
    }

    assertThat(router.stats().count(Outcome.NEW)).isLessThanOrEqualTo(capacity);
    assertThat(router.stats().count(Outcome.HASHED)).isPositive();
    assertThat(router.stats().count(Outcome.MOVED)).isZero();
    assertThat(lostByCache).isGreaterThan(1_000);
  }

  @Test
  void churn_keepsWhatLivesAndNothingElse() {
    Duration duration = Duration.ofSeconds(10);
    int newPerSecond = 5_000;
    CaffeineStickyTable table =
        CaffeineStickyTable.of(session().withDuration(duration), 1_000_000, clock);
    long key = 0;
    for (int second = 0; second < 180; second++) {
      for (int i = 0; i < newPerSecond; i++) {
        table.bind(++key, null, "a", false);
      }
      clock.advance(Duration.ofSeconds(1));
      assertThat(table.size()).isLessThanOrEqualTo(newPerSecond * 15L);
    }

    clock.advance(duration.plusSeconds(3));
    for (int call = 0; call < 1_000 && table.size() > 0; call++) {
      table.lookup(key - call);
    }
    assertThat(table.size()).isZero();
  }

  private StickyRouter<Long> router(TableKind kind, int capacity) {
    KeyAffinity<Long> affinity = KeyAffinity.<Long>builder(KeyExtractor.number(Long::longValue))
        .environment(Routing.ENVIRONMENT.withClock(clock))
        .session(session())
        .table((declared, environment) -> kind.of(declared, capacity, environment.clock()))
        .build();
    return StickyRouter.of(pool, affinity);
  }

  /** A router whose table has no place left, in no bucket */
  private StickyRouter<Long> full(TableKind kind, int capacity) {
    StickyRouter<Long> router = router(kind, capacity);
    for (long own = 1; own < OWN; own++) {
      router.route(own);
    }
    assertThat(router.stats().count(Outcome.NEW)).isEqualTo(capacity);
    return router;
  }

  private static void assertHashed(Route route) {
    assertThat(route.outcome()).isEqualTo(Outcome.HASHED);
    assertThat(route.reason()).isEqualTo(Reason.TABLE_FULL);
  }

  private static StickySession session() {
    return StickySession.custom().withDuration(T);
  }

  private static Backend backend(String id) {
    return Backend.of(id, "host", 80);
  }

  private static final class Visitor {
    final long key;
    int requests;
    Backend backend;

    Visitor(long key) {
      this.key = key;
    }
  }
}
