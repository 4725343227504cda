package dev.limpet.l7;

import dev.limpet.core.Bound;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.StickyTable;

/** Binds the values that backends issue, and unbinds those that they delete. Thread-safe. */
final class CookieLearner {
  private static final int MAX_ATTEMPTS = 8;

  private final StickyTable table;
  private final ResponseCounts counts;

  CookieLearner(StickyTable table, ResponseCounts counts) {
    this.table = table;
    this.counts = counts;
  }

  /** Binds a value to the backend that issued it, which has the session, whoever it was bound to. */
  void learn(long key, String backend) {
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
  void unlearn(long key) {
    String name = (key == KeyExtractor.NONE) ? null : table.peek(key);
    if (name != null && table.unbind(key, name)) {
      counts.unlearned.increment();
    }
  }
}
