package dev.limpet.l7;

import java.util.concurrent.atomic.LongAdder;

/** The counters behind {@link ResponseStats}. Safe for use by many threads at once. */
final class ResponseCounts {
  final LongAdder issued = new LongAdder();
  final LongAdder refreshed = new LongAdder();
  final LongAdder learned = new LongAdder();
  final LongAdder learnRejected = new LongAdder();
  final LongAdder learnConflicts = new LongAdder();
  final LongAdder unlearned = new LongAdder();
  final LongAdder unsealed = new LongAdder();
  final LongAdder foreignSetCookies = new LongAdder();
  final LongAdder foreignCookies = new LongAdder();
  final LongAdder ambiguousTags = new LongAdder();
  final LongAdder marked = new LongAdder();
  final LongAdder unmarked = new LongAdder();

  ResponseStats stats() {
    return new ResponseStats(this);
  }
}
