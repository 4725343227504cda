package dev.limpet.examples.gateway;

import dev.limpet.core.Drained;
import dev.limpet.core.Drained.Result;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Reports when a draining backend has no sessions and no connections left, at any listener of its
 * pool.
 */
final class DrainWatch {
  private static final Duration DEADLINE = StickySession.MAX_DURATION;

  private final Map<String, List<StickyRouter<?>>> routers = new ConcurrentHashMap<>();
  private final Consumer<String> log;

  DrainWatch(Consumer<String> log) {
    this.log = log;
  }

  /** Adds a router. */
  void add(StickyRouter<?> router) {
    routers
        .computeIfAbsent(router.pool().name(), name -> new CopyOnWriteArrayList<>())
        .add(router);
  }

  /** Drains a backend at all routers of its pool. */
  void drain(String pool, String id) {
    List<CompletableFuture<Drained>> drains = routers.getOrDefault(pool, List.of()).stream()
        .map(router -> router.drain(id, DEADLINE).toCompletableFuture())
        .toList();
    CompletableFuture<Void> unused = CompletableFuture.allOf(
            drains.toArray(CompletableFuture[]::new))
        .thenRun(() -> {
          if (drains.stream().allMatch(drain -> drain.join().result() == Result.DRAINED)) {
            log.accept("backend " + pool + "/" + id + " is drained");
          }
        });
  }

  /** Checks what is left; may take some milliseconds. */
  void advance() {
    routers.values().forEach(all -> all.forEach(StickyRouter::advanceDrains));
  }
}
