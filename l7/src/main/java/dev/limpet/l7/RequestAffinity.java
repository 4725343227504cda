package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Affinity;
import dev.limpet.core.Bound;
import dev.limpet.core.Environment;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Recall;
import dev.limpet.core.Remaining;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** An affinity that takes no interest in responses. */
final class RequestAffinity<Q, S> implements HttpAffinity<Q, S> {
  private final Affinity<? super Q> affinity;
  private final HttpAccess<Q, S> access;

  RequestAffinity(Affinity<? super Q> affinity, HttpAccess<Q, S> access) {
    this.affinity = requireNonNull(affinity, "affinity");
    this.access = requireNonNull(access, "access");
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
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    return affinity.bind(key, expected, candidate, byHash);
  }

  @Override
  public boolean unbind(long key, String expected) {
    return affinity.unbind(key, expected);
  }

  @Override
  public CompletionStage<Bound> bindAsync(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    return affinity.bindAsync(key, expected, candidate, byHash);
  }

  @Override
  public boolean admits(Q request, long key) {
    return affinity.admits(request, key);
  }

  @Override
  public void endAdmission(long key) {
    affinity.endAdmission(key);
  }

  @Override
  public boolean learns() {
    return affinity.learns();
  }

  @Override
  public Remaining remaining(String name) {
    return affinity.remaining(name);
  }

  @Override
  public @Nullable StickySession session() {
    return affinity.session();
  }

  @Override
  public @Nullable Environment environment() {
    return affinity.environment();
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
}
