package dev.limpet.examples.gateway;

import dev.limpet.core.Environment;
import dev.limpet.shared.BindingStore;
import dev.limpet.shared.Retention;
import dev.limpet.shared.SharedBinding;
import dev.limpet.shared.StoreAnswer;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A store that several tables open one after the other, as the durations of a pool change. A store
 * refers to its listeners for good, so it would keep the tables of all earlier durations. Through
 * this object, it keeps only a small object for each of them.
 *
 * @param store has the bindings
 */
record ReopenedStore(BindingStore store) implements BindingStore {

  @Override
  public Bindings open(Retention retention, Environment environment, Listener listener) {
    return new Opened(store.open(retention, environment, new Weakly(listener)), listener);
  }

  /** Notifies a listener for as long as its table is in use. */
  private static final class Weakly implements Listener {
    private final WeakReference<Listener> listener;

    Weakly(Listener listener) {
      this.listener = new WeakReference<>(listener);
    }

    @Override
    public void changed(long key, int version) {
      Listener told = listener.get();
      if (told != null) {
        told.changed(key, version);
      }
    }

    @Override
    public void reconnected() {
      Listener told = listener.get();
      if (told != null) {
        told.reconnected();
      }
    }
  }

  /** The bindings of a table, which keep its listener alive. */
  @SuppressWarnings("UnusedVariable") // the listener is only kept
  private record Opened(Bindings bindings, Listener listener) implements Bindings {

    @Override
    public CompletionStage<StoreAnswer> find(long key) {
      return bindings.find(key);
    }

    @Override
    public CompletionStage<StoreAnswer> bind(
        long key, @Nullable SharedBinding expected, SharedBinding candidate, Duration age) {
      return bindings.bind(key, expected, candidate, age);
    }

    @Override
    public CompletionStage<StoreAnswer> bind(
        long key, @Nullable SharedBinding expected, SharedBinding candidate) {
      return bindings.bind(key, expected, candidate);
    }

    @Override
    public CompletionStage<StoreAnswer> unbind(long key, SharedBinding expected) {
      return bindings.unbind(key, expected);
    }

    @Override
    public void later(Duration delay, Runnable task) {
      bindings.later(delay, task);
    }

    @Override
    public void countUntold() {
      bindings.countUntold();
    }
  }
}
