package dev.limpet.redis;

import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;

/** What a store was asked, and told the proxies, by kind. Immutable. */
final class Traffic {
  static final Traffic NONE = new Traffic(new EnumMap<>(Kind.class));

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

    static Kind of(SharedBinding expected, SharedBinding candidate, Answer answer) {
      if (candidate == null) {
        return LOOKED;
      }
      if (expected == null) {
        return (answer.status() == Answer.Status.STORED) ? BOUND : FOUND;
      }
      return candidate.equals(expected) ? RENEWED : MOVED;
    }
  }

  private final Map<Kind, Long> counts;

  private Traffic(Map<Kind, Long> counts) {
    this.counts = counts;
  }

  Traffic plus(Kind kind) {
    Map<Kind, Long> sums = new EnumMap<>(Kind.class);
    sums.putAll(counts);
    sums.merge(kind, 1L, Long::sum);
    return new Traffic(sums);
  }

  Traffic since(Traffic before) {
    Map<Kind, Long> differences = new EnumMap<>(Kind.class);
    counts.forEach((kind, count) -> differences.put(kind, count - before.of(kind)));
    return new Traffic(differences);
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
