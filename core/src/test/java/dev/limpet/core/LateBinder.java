package dev.limpet.core;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Binds by an affinity, when the test says so. */
final class LateBinder implements AsyncBinder {
  private final Affinity<?> affinity;
  private final Queue<Runnable> waiting = new ArrayDeque<>();

  LateBinder(Affinity<?> affinity) {
    this.affinity = affinity;
  }

  @Override
  public CompletionStage<Bound> bind(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    CompletableFuture<Bound> bound = new CompletableFuture<>();
    waiting.add(() -> bound.complete(affinity.bind(key, expected, candidate, byHash)));
    return bound;
  }

  /** Answers all who ask, and who asks because of that. */
  void answer() {
    for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
      next.run();
    }
  }

  /** Answers who asked first. */
  void answerOne() {
    waiting.remove().run();
  }

  int waiting() {
    return waiting.size();
  }

  /** {@return what was asked for, after answers} */
  <T> T answered(Supplier<CompletionStage<T>> question) {
    CompletionStage<T> stage = question.get();
    answer();
    return stage.toCompletableFuture().join();
  }
}
