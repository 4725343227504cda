package dev.limpet.l7;

import dev.limpet.core.Bound;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.StickyTable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Binds the values that backends issue, and unbinds those that they delete. Thread-safe. */
final class CookieLearner {
  private static final int MAX_ATTEMPTS = 8;

  private final AppCookie cookie;
  private final StickyTable table;
  private final InstantSource clock;
  private final ResponseCounts counts;

  CookieLearner(AppCookie cookie, StickyTable table, InstantSource clock, ResponseCounts counts) {
    this.cookie = cookie;
    this.table = table;
    this.clock = clock;
    this.counts = counts;
  }

  /**
   * Learns from a response.
   *
   * @param fields what it says of the cookie
   * @param cookies the request's
   * @param own the key of the request's session
   * @param backend whose response it is
   */
  void hear(List<SetCookieField> fields, List<String> cookies, long own, String backend) {
    Instant now = clock.instant();
    List<Long> issued =
        fields.stream().filter(field -> !field.isDeletion(now)).map(cookie::key).toList();
    if (issued.size() < fields.size() && !issued.contains(own)) {
      unlearn(own);
    }
    for (long key : issued) {
      if (!isKnown(key, cookies)) {
        learn(key, backend);
      }
    }
  }

  /** A session whose cookie is set again unchanged stays with its backend, whoever sets it. */
  private boolean isKnown(long key, List<String> cookies) {
    return table.peek(key) != null && cookie.isIn(cookies, key);
  }

  /**
   * Binds a value to the backend that issued it, which has the session, whoever it was bound to.
   */
  private void learn(long key, String backend) {
    String expected = table.peek(key);
    for (int i = 0; i < MAX_ATTEMPTS && !backend.equals(expected); i++) {
      Bound result = table.bind(key, expected, backend, true);
      switch (result.status()) {
        case HELD, ABSENT -> expected = result.name();
        case STORED -> {
          counts.learned.increment();
          return;
        }
        default -> {
          counts.learnRejected.increment();
          return;
        }
      }
    }
  }

  /** Unbinds a value, if there is one and it is bound. */
  private void unlearn(long key) {
    String name = (key == KeyExtractor.NONE) ? null : table.peek(key);
    if (name != null && table.unbind(key, name)) {
      counts.unlearned.increment();
    }
  }
}
