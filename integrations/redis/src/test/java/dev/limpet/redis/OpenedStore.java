package dev.limpet.redis;

import dev.limpet.core.StickySession;
import dev.limpet.shared.BindingStore;
import dev.limpet.shared.Retention;
import dev.limpet.shared.SharedBinding;
import dev.limpet.shared.StoreAnswer;
import java.util.concurrent.CompletionStage;

/** A store, and its bindings as one table asks for them. */
final class OpenedStore {
  private static final BindingStore.Listener NOBODY = new BindingStore.Listener() {
    @Override
    public void changed(long key, int version) {}

    @Override
    public void reconnected() {}
  };

  private final RedisStore store;
  private final RedisBindings bindings;

  OpenedStore(RedisStore store, StickySession session) {
    this(store, session, NOBODY);
  }

  OpenedStore(RedisStore store, StickySession session, BindingStore.Listener listener) {
    this.store = store;
    this.bindings =
        (RedisBindings) store.open(Retention.of(session), StoreScene.ENVIRONMENT, listener);
  }

  CompletionStage<StoreAnswer> find(long key) {
    return bindings.find(key);
  }

  CompletionStage<StoreAnswer> bind(long key, SharedBinding expected, SharedBinding candidate) {
    return bindings.bind(key, expected, candidate);
  }

  CompletionStage<StoreAnswer> unbind(long key, SharedBinding expected) {
    return bindings.unbind(key, expected);
  }

  int inFlight() {
    return bindings.inFlight();
  }

  RedisStore store() {
    return store;
  }

  StoreStats stats() {
    return store.stats();
  }
}
