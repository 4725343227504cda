package dev.limpet.core;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A table whose {@link #bindAsync} answers when the test says so. Other calls answer at once. */
final class LateTable extends ForwardingTable {
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();

  LateTable(StickyTable table) {
    super(table);
  }

  @Override
  public CompletionStage<Bound> bindAsync(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    CompletableFuture<Bound> bound = new CompletableFuture<>();
    waiting.add(() -> bound.complete(bind(key, expected, candidate, byHash)));
    return bound;
  }

  /** RouteRecorder all calls, and those that are made because of that. */
  void answer() {
    for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
      next.run();
    }
  }

  /** RouteRecorder the oldest call. */
  void answerOne() {
    waiting.remove().run();
  }

  int waiting() {
    return waiting.size();
  }

  /** {@return what the question returns once this table has answered} */
  <T> T answered(Supplier<CompletionStage<T>> question) {
    CompletionStage<T> stage = question.get();
    answer();
    return stage.toCompletableFuture().join();
  }
}
