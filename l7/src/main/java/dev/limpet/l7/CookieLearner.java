package dev.limpet.l7;

import dev.limpet.core.Backend;
import dev.limpet.core.Bound;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.StickyTable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Binds the cookie values that backends set, and unbinds those that they delete. Thread-safe. */
final class CookieLearner {
  private static final int MAX_ATTEMPTS = 8;

  private final AppCookie cookie;
  private final StickyTable table;
  private final boolean keepsOpen;
  private final InstantSource clock;
  private final ResponseCounts counts;

  /**
   * Makes a learner.
   *
   * @param mode the mode of the sessions; open routes keep only sliding ones
   */
  CookieLearner(
      AppCookie cookie, StickyTable table, Mode mode, InstantSource clock, ResponseCounts counts) {
    this.cookie = cookie;
    this.table = table;
    this.keepsOpen = mode == Mode.SLIDING;
    this.clock = clock;
    this.counts = counts;
  }

  /**
   * Learns the cookies that a response sets.
   *
   * @param fields the response's fields that set the cookie
   * @param cookies the request's Cookie fields
   * @param own the key of the request's session
   * @param route the route to the backend that responded
   */
  void hear(List<SetCookieField> fields, List<String> cookies, long own, Route route) {
    for (long key : readNew(fields, cookies, own, route)) {
      learn(key, route);
    }
  }

  /**
   * Learns as {@link #hear} does. The stage completes when the shared store has recorded the
   * values, or has missed its deadline.
   */
  CompletionStage<Void> hearAsync(
      List<SetCookieField> fields, List<String> cookies, long own, Route route) {
    CompletableFuture<?>[] learning = readNew(fields, cookies, own, route).stream()
        .map(key -> learnAsync(key, route).toCompletableFuture())
        .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(learning);
  }

  /**
   * Unbinds the request's own value if the response deletes it. Returns the keys of the new values.
   */
  private List<Long> readNew(
      List<SetCookieField> fields, List<String> cookies, long own, Route route) {
    Instant now = clock.instant();
    List<Long> issued =
        fields.stream().filter(field -> !field.isDeletion(now)).map(cookie::key).toList();
    if (issued.size() < fields.size() && !issued.contains(own)) {
      unlearn(own, route);
    }
    return issued.stream().distinct().filter(key -> !isKnown(key, cookies)).toList();
  }

  /**
   * Returns whether a value is bound and was sent by the client. Such a session stays on its
   * backend, even if another one sets the same value again.
   */
  private boolean isKnown(long key, List<String> cookies) {
    return table.peek(key) != null && cookie.isIn(cookies, key);
  }

  /**
   * Binds a value to the backend that set it, even if it was bound to another one, because that
   * backend has the session.
   */
  private void learn(long key, Route route) {
    String backend = name(route);
    String expected = table.peek(key);
    for (int i = 0; i < MAX_ATTEMPTS && backend != null; i++) {
      if (backend.equals(expected)) {
        keepOpen(key, route);
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

  private CompletionStage<Void> learnAsync(long key, Route route) {
    return learnAsync(key, table.peek(key), route, MAX_ATTEMPTS);
  }

  private CompletionStage<Void> learnAsync(
      long key, @Nullable String expected, Route route, int attempts) {
    String backend = name(route);
    if (attempts == 0 || backend == null) {
      return HttpAffinity.DONE;
    }
    if (backend.equals(expected)) {
      keepOpen(key, route);
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

  /** Unbinds a value if there is one and it is bound. */
  private void unlearn(long key, Route route) {
    route.letGo();
    if (key == KeyExtractor.NONE) {
      return;
    }
    route.letGo(table, key);
    String name = table.peek(key);
    if (name != null && table.unbind(key, name)) {
      counts.unlearned.increment();
    }
  }
}
