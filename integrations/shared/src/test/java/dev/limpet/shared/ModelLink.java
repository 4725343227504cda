package dev.limpet.shared;

import dev.limpet.core.Environment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The connection of a proxy to a {@link ModelStore}: its delay, and whether it works. Thread-safe.
 */
final class ModelLink implements BindingStore {
  static final Duration DEADLINE = Duration.ofMillis(20);

  private final ModelStore store;
  private final ModelTime time;
  private final AtomicLong asked = new AtomicLong();
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong untold = new AtomicLong();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean cut;
  private volatile boolean hears = true;
  private volatile boolean hasTimers = true;
  private volatile BooleanSupplier lost = () -> false;
  private volatile Supplier<Duration> latency = () -> Duration.ZERO;

  ModelLink(ModelStore store, ModelTime time) {
    this.store = store;
    this.time = time;
  }

  /** Cuts the connection in both directions. */
  void cut() {
    cut = true;
  }

  /** Restores the connection. */
  void heal() {
    cut = false;
    listeners.forEach(Listener::reconnected);
  }

  /** Restores the connection without notifying the proxy. */
  void healSilently() {
    cut = false;
  }

  /** Loses notifications, without notifying the proxy. */
  void deafen() {
    hears = false;
  }

  /** Runs no tasks later, like a store that does not implement {@link Bindings#later}. */
  void stopTimers() {
    hasTimers = false;
  }

  /** Sets which calls, answers and notifications are lost, without notifying the proxy. */
  void lose(BooleanSupplier each) {
    lost = each;
  }

  /** Sets how long a call takes in each direction. */
  void delay(Supplier<Duration> each) {
    latency = each;
  }

  /** {@return the number of calls, including those that did not reach the store} */
  long asked() {
    return asked.get();
  }

  /** {@return the number of calls that reached the store} */
  long calls() {
    return calls.get();
  }

  /** {@return the number of changes that were neither reported nor remembered} */
  long untold() {
    return untold.get();
  }

  void hear(long key, int version) {
    if (!cut && hears && !lost.getAsBoolean()) {
      arrive(() -> listeners.forEach(listener -> listener.changed(key, version)));
    }
  }

  @Override
  public Bindings open(Retention retention, Environment environment, Listener listener) {
    listeners.add(listener);
    return new Opened(retention);
  }

  private CompletionStage<StoreAnswer> call(Supplier<StoreAnswer> question) {
    asked.getAndIncrement();
    if (cut) {
      return CompletableFuture.completedStage(StoreAnswer.UNAVAILABLE);
    }
    CompletableFuture<StoreAnswer> answered = new CompletableFuture<>();
    sent(() -> {
      calls.getAndIncrement();
      StoreAnswer answer = question.get();
      sent(() -> answered.complete(answer));
    });
    if (!answered.isDone()) {
      time.after(DEADLINE, () -> answered.complete(StoreAnswer.UNAVAILABLE));
    }
    return answered;
  }

  private void sent(Runnable arrival) {
    if (!lost.getAsBoolean()) {
      arrive(arrival);
    }
  }

  private void arrive(Runnable arrival) {
    Duration delay = latency.get();
    if (delay.isZero()) {
      arrival.run();
    } else {
      time.after(delay, arrival);
    }
  }

  /** The bindings as seen by one table. */
  private final class Opened implements Bindings {
    private final Retention retention;

    Opened(Retention retention) {
      this.retention = retention;
    }

    @Override
    public CompletionStage<StoreAnswer> find(long key) {
      return call(() -> store.find(key, retention));
    }

    @Override
    public CompletionStage<StoreAnswer> bind(
        long key, SharedBinding expected, SharedBinding candidate, Duration age) {
      return call(() -> store.bind(key, expected, candidate, retention.after(age)));
    }

    @Override
    public CompletionStage<StoreAnswer> unbind(long key, SharedBinding expected) {
      return call(() -> store.unbind(key, expected));
    }

    @Override
    public void later(Duration delay, Runnable task) {
      if (hasTimers) {
        time.after(delay, task);
      }
    }

    @Override
    public void countUntold() {
      untold.getAndIncrement();
    }
  }
}
