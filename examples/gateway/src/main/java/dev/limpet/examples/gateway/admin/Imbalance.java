package dev.limpet.examples.gateway.admin;

import dev.limpet.core.Member;
import dev.limpet.examples.gateway.config.Spelled;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the backend that has more sessions than its weight suggests, and the probable reason.
 *
 * @param backends the backends that take new sessions, or would if they were up
 * @param isByAddress whether the sessions are those of addresses
 */
record Imbalance(List<Share> backends, boolean isByAddress) {
  private static final double LIMIT = 1.5;
  private static final long LEAST_BINDINGS = 20;
  private static final double DEVIATIONS_BY_CHANCE = 3;
  private static final double HUNDRED = 100;

  /** Makes a finder. Backends of the weight 0 are left out, because they only keep sessions. */
  Imbalance {
    backends = backends.stream().filter(backend -> backend.weight() > 0).toList();
  }

  /**
   * A backend and its part of the sessions.
   *
   * @param joined how long ago it joined the pool; null if that is long ago or unknown
   */
  record Share(
      String id,
      int weight,
      long bindings,
      Member.State state,
      @Nullable Duration joined) {

    /** Returns a text that says when it joined; empty if that is long ago or unknown. */
    private Stream<String> joinedText() {
      if (joined == null) {
        return Stream.empty();
      }
      long minutes = joined.toMinutes();
      String when = (minutes == 0) ? "less than a minute ago" : minutes + " min ago";
      return Stream.of(id + " joined " + when);
    }
  }

  /** Returns a sentence about the imbalance; empty if the sessions are balanced or few. */
  Optional<String> text() {
    long bindings = backends.stream().mapToLong(Share::bindings).sum();
    long weight = backends.stream().mapToLong(Share::weight).sum();
    if (bindings < LEAST_BINDINGS) {
      return Optional.empty();
    }
    return backends.stream()
        .max(Comparator.comparingDouble(backend -> excess(backend, bindings, weight)))
        .filter(backend -> excess(backend, bindings, weight) >= LIMIT)
        .map(backend -> text(backend, bindings, weight));
  }

  private static double excess(Share backend, long bindings, long weight) {
    return part(backend.bindings(), bindings) / part(backend.weight(), weight);
  }

  private static double part(long some, long all) {
    return (double) some / all;
  }

  private String text(Share backend, long bindings, long weight) {
    return backend.id() + " has " + percent(part(backend.bindings(), bindings))
        + " of the bindings and " + percent(part(backend.weight(), weight)) + " of the weight: "
        + reason(backend, part(backend.weight(), weight), bindings);
  }

  private static String percent(double part) {
    return Math.round(part * HUNDRED) + " %";
  }

  private String reason(Share most, double fair, long bindings) {
    List<Share> others =
        backends.stream().filter(backend -> !backend.equals(most)).toList();
    String away = others.stream()
        .filter(other -> isAway(other.state()))
        .map(other -> other.id() + " (" + Spelled.of(other.state()) + ')')
        .collect(Collectors.joining(", "));
    if (!away.isEmpty()) {
      return "it also has sessions of " + away + ", which moved.";
    }
    Optional<String> joined = others.stream().flatMap(Share::joinedText).findFirst();
    if (joined.isPresent()) {
      return joined.get() + ", and sessions that began before stay where they are.";
    }
    if (isByChance(most, fair, bindings)) {
      return "few sessions are spread by chance; more sessions are spread more evenly.";
    }
    return isByAddress
        ? "sessions stay where they began, and clients behind one address are one session."
        : "sessions stay where they began or where a failover took them, so they keep to earlier "
            + "weights and states for a while.";
  }

  /** Returns whether random sessions, each on this backend with a probability, could be so many. */
  private static boolean isByChance(Share most, double probability, long bindings) {
    double deviation = Math.sqrt(bindings * probability * (1 - probability));
    return most.bindings() - bindings * probability <= DEVIATIONS_BY_CHANCE * deviation;
  }

  private static boolean isAway(Member.State state) {
    return state == Member.State.DOWN || state == Member.State.EJECTED;
  }
}
