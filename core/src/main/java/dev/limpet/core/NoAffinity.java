package dev.limpet.core;

import org.jspecify.annotations.Nullable;

/** The affinity of requests that belong to no session. */
final class NoAffinity implements Affinity<Object> {
  static final NoAffinity INSTANCE = new NoAffinity();

  private NoAffinity() {}

  @Override
  public Recall recall(Object request, PoolSnapshot pool) {
    return Recall.none(Reason.NO_KEY);
  }

  @Override
  public Recall peek(Object request, PoolSnapshot pool) {
    return Recall.none(Reason.NO_KEY);
  }

  @Override
  public long key(Object request) {
    return KeyExtractor.NONE;
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
  public Remaining remaining(String name) {
    return Remaining.NOTHING;
  }

  @Override
  public @Nullable StickySession session() {
    return null;
  }
}
