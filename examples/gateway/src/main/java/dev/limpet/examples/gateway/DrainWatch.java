package dev.limpet.examples.gateway;

import dev.limpet.core.Affinity;
import dev.limpet.core.Drained;
import dev.limpet.core.Drained.Result;
import dev.limpet.core.Member;
import dev.limpet.core.Pool;
import dev.limpet.core.Remaining;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.examples.gateway.operate.Draining;
import dev.limpet.examples.gateway.operate.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches the drains of backends. Counts the sessions and connections that a backend still has at
 * the listeners of its pool. Reports when none are left, and how many are left at a deadline.
 * Thread-safe.
 */
final class DrainWatch {
  private static final Duration LONGEST = StickySession.MAX_DURATION;
  private static final Duration FRESH = Duration.ofSeconds(1);
  private static final int MAX_ENDED = 100;

  private final Map<String, List<StickyRouter<?>>> routers = new HashMap<>();
  private final Map<String, Watch> watches = new LinkedHashMap<>();
  private final Consumer<String> log;
  private final InstantSource clock;

  DrainWatch(Consumer<String> log, InstantSource clock) {
    this.log = log;
    this.clock = clock;
  }

  /** Adds a router. */
  synchronized void add(StickyRouter<?> router) {
    routers.computeIfAbsent(router.pool().name(), name -> new ArrayList<>()).add(router);
  }

  /**
   * Replaces routers of one pool. Drains in progress go on with the new ones.
   *
   * @param old routers that were added
   * @param now the routers that replace them
   */
  synchronized void replace(List<StickyRouter<?>> old, List<StickyRouter<?>> now) {
    routers.values().forEach(all -> all.removeAll(old));
    now.forEach(this::add);
    watches.values().stream().filter(Watch::isDraining).forEach(watch -> watch.replace(old, now));
  }

  /** Drains a backend at all routers of its pool. */
  synchronized void drain(String pool, String id) {
    if (routers.containsKey(pool)) {
      Watch watch = new Watch(pool, id);
      watches.remove(key(pool, id));
      watches.put(key(pool, id), watch);
      watch.begin();
      forgetOldest();
    }
  }

  /**
   * Sets the deadline of a drain. Does nothing if no drain of the backend is in progress.
   *
   * @param deadline the time from now; null to remove the deadline
   * @return whether the drain had a deadline before
   */
  synchronized boolean deadline(String pool, String id, @Nullable Duration deadline) {
    Watch watch = watches.get(key(pool, id));
    if (watch == null || !watch.isInProgress()) {
      return false;
    }
    boolean hadDeadline = watch.deadline != null;
    watch.setDeadline(deadline);
    return hadDeadline;
  }

  /** Returns the drains in progress and the last ones that have ended, one for each backend. */
  synchronized List<Draining> drains() {
    return watches.values().stream().map(Watch::view).toList();
  }

  /** Ends and reports drains that are complete. May take some milliseconds. */
  synchronized void advance() {
    routers.values().forEach(all -> all.forEach(StickyRouter::advanceDrains));
    watches.values().forEach(Watch::advance);
  }

  private void forgetOldest() {
    List<String> ended = watches.entrySet().stream()
        .filter(entry -> !entry.getValue().isInProgress())
        .map(Map.Entry::getKey)
        .toList();
    ended.subList(0, Math.max(0, ended.size() - MAX_ENDED)).forEach(watches::remove);
  }

  private static String key(String pool, String id) {
    return pool + '/' + id;
  }

  /** The sessions and connections that were left at one moment. */
  private record Left(Instant time, Remaining remaining, int connections) {
    @Nullable
    Long sessions() {
      return remaining.bindings().isPresent() ? remaining.bindings().getAsLong() : null;
    }

    @Nullable
    Instant longest() {
      boolean isKnown = remaining.longest().compareTo(LONGEST) <= 0;
      return isKnown ? time.plus(remaining.longest()) : null;
    }

    @Override
    public String toString() {
      Long sessions = sessions();
      String counted =
          (sessions == null) ? "an unknown number of sessions" : Quantity.of(sessions, "session");
      return counted + " and " + Quantity.of(connections, "connection");
    }
  }

  private final class Watch {
    private final String pool;
    private final String id;
    private final Instant begun = clock.instant();
    private final Map<StickyRouter<?>, CompletableFuture<Drained>> drains = new LinkedHashMap<>();
    private @Nullable Instant deadline;
    private @Nullable Result result;
    private @Nullable Left left;

    Watch(String pool, String id) {
      this.pool = pool;
      this.id = id;
    }

    /** Begins the drain at the present routers. */
    void begin() {
      routers().forEach(this::drainAt);
    }

    /** Goes on with other routers instead of some. */
    void replace(List<StickyRouter<?>> old, List<StickyRouter<?>> now) {
      old.forEach(drains::remove);
      now.stream().filter(router -> router.pool().name().equals(pool)).forEach(this::drainAt);
    }

    private void drainAt(StickyRouter<?> router) {
      drains.put(router, router.drain(id, LONGEST).toCompletableFuture());
    }

    void setDeadline(@Nullable Duration time) {
      deadline = (time == null) ? null : clock.instant().plus(time);
      result = null;
    }

    /** Returns whether the backend may still become drained, perhaps after its deadline. */
    boolean isInProgress() {
      return result == null || result == Result.DEADLINE_PASSED;
    }

    boolean isDraining() {
      Member member = member();
      return isInProgress() && member != null && member.draining();
    }

    void advance() {
      if (!isInProgress()) {
        return;
      }
      Collection<CompletableFuture<Drained>> all = drains.values();
      if (!all.isEmpty() && all.stream().allMatch(CompletableFuture::isDone)) {
        end(all.stream().map(drain -> drain.join().result()).toList());
      } else if (result == null && deadline != null && !clock.instant().isBefore(deadline)) {
        result = Result.DEADLINE_PASSED;
        left = count();
        log.accept("backend " + key(pool, id) + " still has " + left + " at its deadline");
      }
    }

    private void end(List<Result> results) {
      left = count();
      result = results.stream()
          .filter(each -> each != Result.DRAINED)
          .findFirst()
          .orElse(Result.DRAINED);
      if (result == Result.DRAINED) {
        log.accept("backend " + key(pool, id) + " is drained");
      }
    }

    Draining view() {
      Left now = isInProgress() ? fresh() : (left == null) ? count() : left;
      return new Draining(
          pool, id, begun, deadline, now.sessions(), now.connections(), now.longest(), resultNow());
    }

    /** Returns the result, also of an undo or a removal that no router has reported yet. */
    private @Nullable Result resultNow() {
      Member member = member();
      if (!isInProgress() || (member != null && member.draining())) {
        return result;
      }
      return (member == null) ? Result.REMOVED : Result.UNDRAINED;
    }

    private Left fresh() {
      Instant now = clock.instant();
      if (left == null || Duration.between(left.time, now).abs().compareTo(FRESH) >= 0) {
        left = count();
      }
      return left;
    }

    /** Counts each table once, also if several routers share it. */
    private Left count() {
      Member member = member();
      Instant now = clock.instant();
      if (member == null) {
        return new Left(now, Remaining.NOTHING, 0);
      }
      IdentityHashMap<Object, Remaining> counted = new IdentityHashMap<>();
      for (StickyRouter<?> router : routers()) {
        for (Affinity<?> part : router.affinity().parts()) {
          Object sessions = (part.table() == null) ? part : part.table();
          counted.computeIfAbsent(sessions, one -> part.remaining(member.name()));
        }
      }
      Remaining all = counted.values().stream().reduce(Remaining.NOTHING, Remaining::plus);
      return new Left(now, all, member.load().connections());
    }

    private @Nullable Member member() {
      List<StickyRouter<?>> all = routers();
      if (all.isEmpty()) {
        return null;
      }
      Pool at = all.get(0).pool();
      return at.snapshot().members().stream()
          .filter(member -> member.backend().id().equals(id))
          .findFirst()
          .orElse(null);
    }

    private List<StickyRouter<?>> routers() {
      return routers.getOrDefault(pool, List.of());
    }
  }
}
