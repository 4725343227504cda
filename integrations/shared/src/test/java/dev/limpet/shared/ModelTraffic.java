package dev.limpet.shared;

import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;

/** What a store was asked, and told the proxies, by kind. Immutable. */
final class ModelTraffic {
  static final ModelTraffic NONE = new ModelTraffic(new EnumMap<>(Kind.class));

  /** Kinds of calls, and messages. */
  enum Kind {
    /** A session that nobody knew. */
    BOUND,
    /** A session that another proxy had bound. */
    FOUND,
    /** A binding that was told again. */
    RENEWED,
    /** A session that was to move. */
    MOVED,
    /** A session that was only looked for. */
    LOOKED,
    /** A session that was to end. */
    UNBOUND,
    /** A change that all proxies were told of, in one message. */
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

  /** {@return how many calls the store answered} */
  long calls() {
    return Stream.of(Kind.values())
        .filter(kind -> kind != Kind.MESSAGE)
        .mapToLong(this::of)
        .sum();
  }
}
