package dev.limpet.shared;

import dev.limpet.core.Environment;
import dev.limpet.core.StickySession;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One proxy of a {@link BindingStoreContract}: calls its store, waits for the answers, and records
 * the notifications.
 */
final class ContractProxy implements BindingStore.Listener {
  private static final Environment ENVIRONMENT =
      Environment.of(new byte[Environment.MIN_SECRET_BYTES]);
  private static final long FENCE = -1;
  private static final AtomicInteger FENCES = new AtomicInteger();

  private final BindingStore.Bindings bindings;
  private final Duration patience;
  private final List<Told> heard = new CopyOnWriteArrayList<>();
  private final AtomicInteger reconnects = new AtomicInteger();

  /** A change that a store announced. */
  record Told(long key, int version) {}

  ContractProxy(BindingStore store, StickySession session, Duration patience) {
    this.patience = patience;
    this.bindings = store.open(Retention.of(session), ENVIRONMENT, this);
  }

  @Override
  public void changed(long key, int version) {
    heard.add(new Told(key, version));
  }

  @Override
  public void reconnected() {
    reconnects.incrementAndGet();
  }

  StoreAnswer find(long key) throws Exception {
    return Wait.of(bindings.find(key));
  }

  StoreAnswer bind(long key, SharedBinding expected, SharedBinding candidate) throws Exception {
    return Wait.of(bindings.bind(key, expected, candidate));
  }

  StoreAnswer bind(long key, SharedBinding expected, SharedBinding candidate, Duration age)
      throws Exception {
    return Wait.of(bindings.bind(key, expected, candidate, age));
  }

  CompletionStage<StoreAnswer> bindAsync(
      long key, SharedBinding expected, SharedBinding candidate) {
    return bindings.bind(key, expected, candidate);
  }

  StoreAnswer unbind(long key, SharedBinding expected) throws Exception {
    return Wait.of(bindings.unbind(key, expected));
  }

  int reconnects() {
    return reconnects.get();
  }

  /** Returns the notifications so far, without fences. */
  List<Told> heard() {
    return heard.stream().filter(told -> told.key != FENCE).toList();
  }

  /**
   * Waits until this proxy is notified of its own changes, because a store may start to notify a
   * moment after it was opened.
   */
  void listen() throws Exception {
    Wait.until(patience, () -> heard.contains(tellFence()));
  }

  /** Waits until another proxy has been notified of a change that this proxy makes now. */
  void awaitFence(ContractProxy other) throws Exception {
    Told fence = tellFence();
    Wait.until(patience, () -> other.heard.contains(fence));
  }

  /** Waits until this proxy has been notified of changes. */
  void awaitChanges(List<Told> changes) throws Exception {
    Wait.until(patience, () -> heard.containsAll(changes));
  }

  private Told tellFence() throws Exception {
    int version = FENCES.incrementAndGet();
    unbind(FENCE, SharedBinding.of("fence", version, 0));
    return new Told(FENCE, version + 1);
  }
}
