package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A chain of affinities, of which the first that knows a session serves it. Routers call the parts.
 * The chain itself can only find sessions; it binds none.
 */
final class AffinityChain<R> implements Affinity<R> {
  private final List<Affinity<? super R>> parts;

  private AffinityChain(List<Affinity<? super R>> parts) {
    this.parts = List.copyOf(parts);
    if (parts.size() > MAX_CHAIN) {
      throw new IllegalArgumentException(
          "affinities: " + parts.size() + " (expected: 1.." + MAX_CHAIN + ")");
    }
  }

  static <R> AffinityChain<R> of(Affinity<R> first, Affinity<? super R> next) {
    List<Affinity<? super R>> parts = new ArrayList<>(first.parts());
    parts.addAll(requireNonNull(next, "next").parts());
    return new AffinityChain<>(parts);
  }

  @Override
  public List<Affinity<? super R>> parts() {
    return parts;
  }

  @Override
  public Recall recall(R request, PoolSnapshot pool) {
    return first(part -> part.recall(request, pool));
  }

  @Override
  public Recall peek(R request, PoolSnapshot pool) {
    return first(part -> part.peek(request, pool));
  }

  /** {@return the first recall of a bound session; otherwise the first of a session with a key} */
  private Recall first(Function<Affinity<? super R>, Recall> recalling) {
    Recall unbound = Recall.none(Reason.NO_KEY);
    for (Affinity<? super R> part : parts) {
      Recall recall = recalling.apply(part);
      if (recall.isBound() || recall.isFinal()) {
        return recall;
      }
      unbound = (unbound.reason() == Reason.NO_KEY) ? recall : unbound;
    }
    return unbound;
  }

  @Override
  public long key(R request) {
    return parts.stream()
        .mapToLong(part -> part.key(request))
        .filter(key -> key != KeyExtractor.NONE)
        .findFirst()
        .orElse(KeyExtractor.NONE);
  }

  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    return Bound.NOT_KEPT;
  }

  @Override
  public boolean unbind(long key, String expected) {
    return false;
  }

  @Override
  public boolean learns() {
    return parts.stream().anyMatch(Affinity::learns);
  }

  @Override
  public Remaining remaining(String name) {
    return parts.stream()
        .map(part -> part.remaining(name))
        .reduce(Remaining.NOTHING, Remaining::plus);
  }

  /** {@return the declared stickiness of the first part} The router checks that of each part. */
  @Override
  public @Nullable StickySession session() {
    return parts.get(0).session();
  }

  @Override
  public @Nullable Environment environment() {
    return parts.stream()
        .map(Affinity::environment)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /** {@return the affinities in their order} */
  @Override
  public String toString() {
    return parts.toString();
  }
}
