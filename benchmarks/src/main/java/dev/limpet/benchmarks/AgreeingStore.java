package dev.limpet.benchmarks;

import dev.limpet.core.Environment;
import dev.limpet.shared.BindingStore;
import dev.limpet.shared.Retention;
import dev.limpet.shared.SharedBinding;
import dev.limpet.shared.StoreAnswer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A store that remembers nothing, and grants every request at once. */
final class AgreeingStore implements BindingStore, BindingStore.Bindings {
  @Override
  public Bindings open(Retention retention, Environment environment, Listener listener) {
    return this;
  }

  @Override
  public CompletionStage<StoreAnswer> find(long key) {
    return CompletableFuture.completedStage(StoreAnswer.ABSENT);
  }

  @Override
  public CompletionStage<StoreAnswer> bind(
      long key, @Nullable SharedBinding expected, SharedBinding candidate, Duration age) {
    return CompletableFuture.completedStage(StoreAnswer.stored(candidate, Long.MAX_VALUE));
  }

  @Override
  public CompletionStage<StoreAnswer> unbind(long key, SharedBinding expected) {
    return CompletableFuture.completedStage(StoreAnswer.ABSENT);
  }
}
