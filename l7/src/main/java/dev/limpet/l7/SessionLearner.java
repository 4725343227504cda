package dev.limpet.l7;

import dev.limpet.core.Backend;
import dev.limpet.core.Bound;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.StickyTable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Binds and unbinds sessions as responses say. Thread-safe. */
final class SessionLearner {
  private static final int MAX_ATTEMPTS = 8;

  private final StickyTable table;
  private final boolean keepsOpen;
  private final Predicate<String> moves;
  private final ResponseCounts counts;

  /**
   * Makes a learner.
   *
   * @param mode the mode of the sessions; open routes keep only sliding ones
   * @param moves whether a response of another backend moves a session that is bound to a name
   */
  SessionLearner(StickyTable table, Mode mode, Predicate<String> moves, ResponseCounts counts) {
    this.table = table;
    this.keepsOpen = mode == Mode.SLIDING;
    this.moves = moves;
    this.counts = counts;
  }

  /** Binds a session to the backend whose response began it. */
  void learn(long key, Route route) {
    String backend = name(route);
    String expected = table.peek(key);
    for (int i = 0; i < MAX_ATTEMPTS && backend != null; i++) {
      if (isSettled(expected, backend, key, route)) {
        return;
      }
      Bound result = table.bind(key, expected, backend, true);
      if (!isOther(result)) {
        record(key, result, route);
        return;
      }
      expected = result.name();
    }
  }

  /**
   * Binds as {@link #learn} does. The stage completes when the shared store has recorded the
   * session, or has missed its deadline.
   */
  CompletionStage<Void> learnAsync(long key, Route route) {
    return learnAsync(key, table.peek(key), route, MAX_ATTEMPTS);
  }

  private CompletionStage<Void> learnAsync(
      long key, @Nullable String expected, Route route, int attempts) {
    String backend = name(route);
    if (attempts == 0 || backend == null || isSettled(expected, backend, key, route)) {
      return HttpAffinity.DONE;
    }
    return bindAsync(key, expected, backend).thenCompose(result -> {
      if (isOther(result)) {
        return learnAsync(key, result.name(), route, attempts - 1);
      }
      if (result.status() == Bound.Status.UNAVAILABLE) {
        learn(key, route);
      } else {
        record(key, result, route);
      }
      return HttpAffinity.DONE;
    });
  }

  /** Turns what the table throws at once into a failed stage. */
  private CompletionStage<Bound> bindAsync(long key, @Nullable String expected, String backend) {
    try {
      return table.bindAsync(key, expected, backend, true);
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /** Returns whether a session is bound to the backend, or to another one that keeps it. */
  private boolean isSettled(@Nullable String bound, String backend, long key, Route route) {
    if (backend.equals(bound)) {
      keepOpen(key, route);
      return true;
    }
    if (bound == null || moves.test(bound)) {
      return false;
    }
    counts.learnConflicts.increment();
    return true;
  }

  private static @Nullable String name(Route route) {
    Backend backend = route.backend();
    return (backend == null) ? null : backend.name();
  }

  private static boolean isOther(Bound result) {
    return result.status() == Bound.Status.HELD || result.status() == Bound.Status.ABSENT;
  }

  private void record(long key, Bound result, Route route) {
    if (result.status() != Bound.Status.STORED) {
      counts.learnRejected.increment();
      return;
    }
    counts.learned.increment();
    keepOpen(key, route);
  }

  private void keepOpen(long key, Route route) {
    if (keepsOpen) {
      route.keep(table, key);
    }
  }

  /** Unbinds a session, whichever backend it is bound to. */
  void forget(long key, Route route) {
    if (key == KeyExtractor.NONE) {
      return;
    }
    route.letGo(table, key);
    String bound = table.peek(key);
    if (bound != null && table.unbind(key, bound)) {
      counts.unlearned.increment();
    }
  }

  /**
   * Unbinds a session if it is bound to the backend that responded. Open routes are told before, so
   * that none of them binds it again, and once more for those that were opened meanwhile.
   */
  void forgetAtItsBackend(long key, Route route) {
    String backend = name(route);
    String bound = table.peek(key);
    if (backend == null || (bound != null && !bound.equals(backend))) {
      return;
    }
    route.letGo(table, key);
    if (table.unbind(key, backend)) {
      counts.unlearned.increment();
      route.letGo(table, key);
    }
  }
}
