package dev.limpet.core;

import java.util.StringJoiner;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The numbers of routes by outcome and reason, at one moment. Immutable. */
final class RouteCounts {
  private static final Outcome[] OUTCOMES = Outcome.values();
  private static final int REASONS = Reason.values().length;

  private final long[] counts;

  private RouteCounts(long[] counts) {
    this.counts = counts;
  }

  long total() {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  long of(Outcome outcome) {
    long sum = of(outcome, null);
    for (Reason reason : Reason.values()) {
      sum += of(outcome, reason);
    }
    return sum;
  }

  long of(Reason reason) {
    long sum = 0;
    for (Outcome outcome : OUTCOMES) {
      sum += of(outcome, reason);
    }
    return sum;
  }

  long of(Outcome outcome, @Nullable Reason reason) {
    return counts[index(outcome, reason)];
  }

  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ", "{", "}");
    for (Outcome outcome : OUTCOMES) {
      if (of(outcome) != 0) {
        text.add(outcome + "=" + of(outcome));
      }
    }
    return text.toString();
  }

  @SuppressWarnings("EnumOrdinal") // only within this process, never stored
  private static int index(Outcome outcome, @Nullable Reason reason) {
    return outcome.ordinal() * (REASONS + 1) + (reason == null ? REASONS : reason.ordinal());
  }

  /** Counts routes. Safe for use by many threads at once. */
  static final class Adder {
    private final LongAdder[] adders = new LongAdder[OUTCOMES.length * (REASONS + 1)];

    Adder() {
      for (int i = 0; i < adders.length; i++) {
        adders[i] = new LongAdder();
      }
    }

    void add(Route route) {
      adders[index(route.outcome(), route.reason())].increment();
    }

    RouteCounts counts() {
      long[] counts = new long[adders.length];
      for (int i = 0; i < counts.length; i++) {
        counts[i] = adders[i].sum();
      }
      return new RouteCounts(counts);
    }
  }
}
