package dev.limpet.core;

import org.jspecify.annotations.Nullable;

/** An affinity that another one answers for. */
abstract class ForwardingAffinity<R> implements Affinity<R> {
  private final Affinity<R> other;

  ForwardingAffinity(Affinity<R> other) {
    this.other = other;
  }

  @Override
  public Recall recall(R request, PoolSnapshot pool) {
    return other.recall(request, pool);
  }

  @Override
  public Recall peek(R request, PoolSnapshot pool) {
    return other.peek(request, pool);
  }

  @Override
  public long key(R request) {
    return other.key(request);
  }

  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    return other.bind(key, expected, candidate, byHash);
  }

  @Override
  public boolean unbind(long key, String expected) {
    return other.unbind(key, expected);
  }

  @Override
  public @Nullable StickySession session() {
    return other.session();
  }
}
