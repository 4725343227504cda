package dev.limpet.l7;

import dev.limpet.core.Route;
import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.StickyTable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Binds the cookie values that backends set, and unbinds those that they delete. A value that
 * another backend sets moves to it, because that backend has the session. Thread-safe.
 */
final class CookieLearner {
  private final AppCookie cookie;
  private final StickyTable table;
  private final SessionLearner learner;
  private final InstantSource clock;

  /**
   * Makes a learner.
   *
   * @param mode the mode of the sessions; open routes keep only sliding ones
   */
  CookieLearner(
      AppCookie cookie, StickyTable table, Mode mode, InstantSource clock, ResponseCounts counts) {
    this.cookie = cookie;
    this.table = table;
    this.learner = new SessionLearner(table, mode, bound -> true, counts);
    this.clock = clock;
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
      learner.learn(key, route);
    }
  }

  /**
   * Learns as {@link #hear} does. The stage completes when the shared store has recorded the
   * values, or has missed its deadline.
   */
  CompletionStage<Void> hearAsync(
      List<SetCookieField> fields, List<String> cookies, long own, Route route) {
    CompletableFuture<?>[] learning = readNew(fields, cookies, own, route).stream()
        .map(key -> learner.learnAsync(key, route).toCompletableFuture())
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
      route.letGo();
      learner.forget(own, route);
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
}
