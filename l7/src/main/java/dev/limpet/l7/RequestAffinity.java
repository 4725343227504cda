package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Affinity;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Recall;
import dev.limpet.core.Route;
import dev.limpet.core.affinity.ForwardingAffinity;
import java.util.List;
import java.util.function.Supplier;

/** Adapts an affinity that does not need responses. */
final class RequestAffinity<Q, S> extends ForwardingAffinity<Q> implements HttpAffinity<Q, S> {
  private final Affinity<? super Q> affinity;
  private final HttpAccess<Q, S> access;

  RequestAffinity(Affinity<? super Q> affinity, HttpAccess<Q, S> access) {
    super(affinity);
    this.affinity = affinity;
    this.access = requireNonNull(access, "access");
  }

  @Override
  public List<Affinity<? super Q>> parts() {
    return List.copyOf(affinity.parts());
  }

  @Override
  public Recall recall(Q request, PoolSnapshot pool) {
    return affinity.recall(request, pool);
  }

  @Override
  public Recall peek(Q request, PoolSnapshot pool) {
    return affinity.peek(request, pool);
  }

  @Override
  public long key(Q request) {
    return affinity.key(request);
  }

  @Override
  public boolean admits(Q request, long key) {
    return affinity.admits(request, key);
  }

  @Override
  public HttpAccess<Q, S> access() {
    return access;
  }

  @Override
  public void onResponse(Q request, Route route, S response) {}

  @Override
  public ResponseStats responseStats() {
    return ResponseStats.NONE;
  }

  @Override
  public Supplier<ResponseStats> responses() {
    return () -> ResponseStats.NONE;
  }
}
