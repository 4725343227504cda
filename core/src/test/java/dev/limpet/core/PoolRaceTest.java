package dev.limpet.core;

import static dev.limpet.core.Routing.affinity;
import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.key;
import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.requests;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Requests of many threads while the pool is edited without a pause. */
class PoolRaceTest {
  private static final int WORKERS = 8;
  private static final int EDITS = 1_500;
  private static final int EXTRAS = 20;
  private static final int SHARED = 50;
  private static final List<String> SESSIONS = requests(5_000);

  private final Pool pool = pool("base0", "base1", "base2", "base3");
  private final StickyRouter<String> router =
      StickyRouter.of(pool, affinity(Routing.table(1_000_000)));
  private final LongAdder calls = new LongAdder();
  private final CountDownLatch edited = new CountDownLatch(1);

  private final List<String> extras = new ArrayList<>();
  private final Map<String, String> first = new HashMap<>();
  private final Set<String> aboutToGo = ConcurrentHashMap.newKeySet();
  private final Map<String, Integer> gone = new ConcurrentHashMap<>();
  private final AtomicInteger removals = new AtomicInteger();
  private final Map<String, AtomicInteger> movesFrom = new ConcurrentHashMap<>();

  @Test
  void onlySessionsOfRemovedBackendsMoveAndEachMovesOnce() throws InterruptedException {
    for (int i = 0; i < EXTRAS; i++) {
      extras.add("extra-" + i);
      pool.change(edit -> edit.add(backend(extras.get(extras.size() - 1))));
    }
    SESSIONS.forEach(session -> first.put(session, id(router.route(session))));

    Threads.together(WORKERS + 1, thread -> {
      if (thread == WORKERS) {
        edit();
      } else {
        work(thread);
      }
    });

    assertThat(movesFrom.values()).allSatisfy(moves -> assertThat(moves).hasValue(1));
    assertThat(gone.size()).isGreaterThan(EDITS / 5);
    assertThat(router.stats().count(Outcome.MOVED)).isEqualTo(movesFrom.size()).isPositive();
    assertThat(router.stats().requests()).isEqualTo(calls.sum() + SESSIONS.size());
    List<String> stays = new ArrayList<>();
    SESSIONS.forEach(session -> stays.add(id(router.route(session))));
    for (int i = 0; i < stays.size(); i++) {
      assertThat(router.route(SESSIONS.get(i))).hasToString("KEPT " + stays.get(i));
    }
  }

  private void edit() {
    String[] homes = homes();
    try {
      Random random = new Random(1);
      for (int i = 0; i < EDITS; i++) {
        int edit = i;
        switch (random.nextInt(4)) {
          case 0 -> {
            extras.add("extra" + edit);
            pool.change(e -> e.add(backend("extra" + edit, 3)));
          }
          case 1 -> {
            if (!extras.isEmpty()) {
              remove(extras.remove(random.nextInt(extras.size())));
            }
          }
          case 2 -> pool.change(e -> e.weight("base" + edit % 4, 1 + edit % 7));
          default -> pool.change(e -> e.replaceAll(shuffled(random)));
        }
        for (int n = 0; n < 20; n++) {
          int shared = random.nextInt(SHARED);
          homes[shared] = checked(SESSIONS.get(shared), homes[shared]);
        }
      }
    } finally {
      edited.countDown();
    }
  }

  private void remove(String id) {
    aboutToGo.add(id);
    pool.change(edit -> edit.remove(id));
    gone.put(id, removals.get() + 1);
    removals.incrementAndGet();
  }

  private List<Backend> shuffled(Random random) {
    List<Backend> backends = new ArrayList<>();
    pool.snapshot().members().forEach(member -> backends.add(member.backend()));
    Collections.shuffle(backends, random);
    return backends;
  }

  private String[] homes() {
    return SESSIONS.stream().map(session -> first.get(session)).toArray(String[]::new);
  }

  /** A worker's own sessions, in turn with new ones and with sessions that all workers share. */
  private void work(int worker) {
    String[] homes = homes();
    Random random = new Random(worker);
    int fresh = 0;
    while (edited.getCount() > 0) {
      for (int i = worker; i < homes.length; i += WORKERS) {
        homes[i] = checked(SESSIONS.get(i), homes[i]);
        int shared = random.nextInt(SHARED);
        homes[shared] = checked(SESSIONS.get(shared), homes[shared]);
        if (i % 4 == 0) {
          checked("new-" + worker + "-" + fresh++, null);
        }
      }
    }
  }

  /** Routes a session that was last seen at its home, and returns where it is now. */
  private String checked(String session, String home) {
    int before = removals.get();
    Route route = router.route(session);
    calls.increment();
    String now = id(route);

    if (gone.getOrDefault(now, Integer.MAX_VALUE) <= before) {
      throw new AssertionError(session + " was sent to " + now + ", which had left before");
    }
    if (home != null && !now.equals(home) && !aboutToGo.contains(home)) {
      throw new AssertionError(session + " moved from " + home + " for no reason: " + route);
    }
    if (home == null && route.outcome() != Outcome.NEW && route.outcome() != Outcome.MOVED) {
      throw new AssertionError(session + " is new: " + route);
    }
    if (route.outcome() == Outcome.MOVED) {
      movesFrom
          .computeIfAbsent(session + " to " + now, any -> new AtomicInteger())
          .incrementAndGet();
    }
    return now;
  }

  @Test
  void aSnapshotIsNeverHalfOfAnEdit() throws InterruptedException {
    Pool pairs = pool("a", "b");

    Threads.together(WORKERS, thread -> {
      for (int i = 0; i < 2_000; i++) {
        int weight = thread * 30 + i % 30;
        if (thread < 2) {
          pairs.change(edit -> edit.weight("a", weight).weight("b", weight));
        } else {
          Set<Integer> weights = new HashSet<>();
          pairs
              .snapshot()
              .members()
              .forEach(member -> weights.add(member.backend().weight()));
          assertThat(weights).hasSize(1);
        }
      }
    });
  }

  @Tag("slow")
  @Test
  void aDrainThatPublishesFirstAndCountsAfterwardsMissesNoSession() throws InterruptedException {
    List<String> sessions = requests(90);
    for (int round = 0; round < 500; round++) {
      Pool two = pool("a", "b");
      StickyTable bindings = Routing.table(1_000);
      StickyRouter<String> racing = StickyRouter.of(two, affinity(bindings));
      Set<String> counted = new HashSet<>();

      Threads.together(4, thread -> {
        if (thread == 3) {
          two.change(edit -> edit.drain("a"));
          counted.addAll(boundToA(bindings, sessions));
        } else {
          sessions.subList(thread * 30, thread * 30 + 30).forEach(racing::route);
        }
      });

      assertThat(counted).containsAll(boundToA(bindings, sessions));
    }
  }

  private static List<String> boundToA(StickyTable bindings, List<String> sessions) {
    return sessions.stream().filter(s -> "a".equals(bindings.peek(key(s)))).toList();
  }
}
