package dev.limpet.shared;

import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;

/** The calls and notifications of a store, by kind. Immutable. */
final class ModelTraffic {
  static final ModelTraffic NONE = new ModelTraffic(new EnumMap<>(Kind.class));

  /** The kinds of calls, and notifications. */
  enum Kind {
    /** A call that bound an unknown session. */
    BOUND,
    /** A call that found a session which another proxy had bound. */
    FOUND,
    /** A call that reported a binding again. */
    RENEWED,
    /** A call to move a session. */
    MOVED,
    /** A call that only looked up a session. */
    LOOKED,
    /** A call to unbind a session. */
    UNBOUND,
    /** One notification of all proxies about a change. */
    MESSAGE;

    static Kind of(SharedBinding expected, SharedBinding candidate, StoreAnswer answer) {
      if (expected == null) {
        return (answer.status() == StoreAnswer.Status.STORED) ? BOUND : FOUND;
      }
      return candidate.equals(expected) ? RENEWED : MOVED;
    }
  }

  private final Map<Kind, Long> counts;

  private ModelTraffic(Map<Kind, Long> counts) {
    this.counts = counts;
  }

  ModelTraffic plus(Kind kind) {
    Map<Kind, Long> sums = new EnumMap<>(Kind.class);
    sums.putAll(counts);
    sums.merge(kind, 1L, Long::sum);
    return new ModelTraffic(sums);
  }

  ModelTraffic since(ModelTraffic before) {
    Map<Kind, Long> differences = new EnumMap<>(Kind.class);
    counts.forEach((kind, count) -> differences.put(kind, count - before.of(kind)));
    return new ModelTraffic(differences);
  }

  long of(Kind kind) {
    return counts.getOrDefault(kind, 0L);
  }

  /** {@return the number of calls that the store answered} */
  long calls() {
    return Stream.of(Kind.values())
        .filter(kind -> kind != Kind.MESSAGE)
        .mapToLong(this::of)
        .sum();
  }
}
