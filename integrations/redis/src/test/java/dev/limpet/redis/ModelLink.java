package dev.limpet.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A proxy's way to a {@link ModelStore}: how long it takes, and whether there is one. Thread-safe. */
final class ModelLink implements BindingStore {
  static final Duration DEADLINE = Duration.ofMillis(20);

  private final ModelStore store;
  private final ModelTime time;
  private final AtomicLong calls = new AtomicLong();
  private Listener listener;
  private volatile boolean cut;
  private volatile boolean hears = true;
  private volatile BooleanSupplier lost = () -> false;
  private volatile Supplier<Duration> latency = () -> Duration.ZERO;

  ModelLink(ModelStore store, ModelTime time) {
    this.store = store;
    this.time = time;
  }

  /** Nothing comes through any more, on either way. */
  void cut() {
    cut = true;
  }

  /** What was cut is whole again. */
  void heal() {
    cut = false;
    listener.reconnected();
  }

  /** What was cut is whole again, and nobody knows. */
  void healSilently() {
    cut = false;
  }

  /** Messages are lost, and nobody knows. */
  void deafen() {
    hears = false;
  }

  /** Sets which calls, answers and messages are lost, and nobody knows. */
  void lose(BooleanSupplier each) {
    lost = each;
  }

  /** Sets how long a call takes on its way there, and on its way back. */
  void delay(Supplier<Duration> each) {
    latency = each;
  }

  /** How many calls came as far as the store. */
  long calls() {
    return calls.get();
  }

  void hear(long key, int version) {
    if (!cut && hears && !lost.getAsBoolean()) {
      later(latency.get(), () -> listener.changed(key, version));
    }
  }

  @Override
  public CompletionStage<Answer> bind(
      long key, SharedBinding expected, SharedBinding candidate, Duration age) {
    return call(() -> store.bind(key, expected, candidate, age));
  }

  @Override
  public CompletionStage<Answer> unbind(long key, SharedBinding expected) {
    return call(() -> store.unbind(key, expected));
  }

  @Override
  public void listen(Listener listener) {
    this.listener = listener;
  }

  private CompletionStage<Answer> call(Supplier<Answer> question) {
    if (cut) {
      return CompletableFuture.completedStage(Answer.UNAVAILABLE);
    }
    CompletableFuture<Answer> answered = new CompletableFuture<>();
    sent(() -> {
      calls.getAndIncrement();
      Answer answer = question.get();
      sent(() -> answered.complete(answer));
    });
    if (!answered.isDone()) {
      time.after(DEADLINE, () -> answered.complete(Answer.UNAVAILABLE));
    }
    return answered;
  }

  private void sent(Runnable arrival) {
    if (!lost.getAsBoolean()) {
      later(latency.get(), arrival);
    }
  }

  @Override
  public void later(Duration delay, Runnable event) {
    if (delay.isZero()) {
      event.run();
    } else {
      time.after(delay, event);
    }
  }
}
