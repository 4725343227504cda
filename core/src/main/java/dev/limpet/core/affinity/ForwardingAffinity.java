package dev.limpet.core.affinity;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Affinity;
import dev.limpet.core.Bound;
import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.Remaining;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An affinity that finds sessions in its own way and leaves everything else to another affinity.
 * Forwards all methods that take no request.
 *
 * @param <R> the embedder's request
 */
public abstract class ForwardingAffinity<R> implements Affinity<R> {
  private final Affinity<?> to;

  /**
   * Forwards to an affinity.
   *
   * @param to has the bindings
   */
  protected ForwardingAffinity(Affinity<?> to) {
    this.to = requireNonNull(to, "to");
  }

  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    return to.bind(key, expected, candidate, byHash);
  }

  @Override
  public CompletionStage<Bound> bindAsync(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    return to.bindAsync(key, expected, candidate, byHash);
  }

  @Override
  public boolean unbind(long key, String expected) {
    return to.unbind(key, expected);
  }

  /** Admissions that this forwards, this must forward the end of. */
  @Override
  public abstract boolean admits(R request, long key);

  @Override
  public void endAdmission(long key) {
    to.endAdmission(key);
  }

  @Override
  public boolean learns() {
    return to.learns();
  }

  @Override
  public Remaining remaining(String name) {
    return to.remaining(name);
  }

  @Override
  public @Nullable StickyTable table() {
    return to.table();
  }

  @Override
  public @Nullable Failover failover() {
    return to.failover();
  }

  @Override
  public boolean endsWithBackend() {
    return to.endsWithBackend();
  }

  @Override
  public @Nullable StickySession session() {
    return to.session();
  }

  @Override
  public @Nullable Environment environment() {
    return to.environment();
  }
}
