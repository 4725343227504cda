package dev.limpet.jetty;

import dev.limpet.core.Bound;
import dev.limpet.core.StickyTable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/** A table that others share, which answers when the test says so, on the thread of the test. */
final class LateTable implements StickyTable {
  private final StickyTable here;
  private final LinkedBlockingQueue<Runnable> asked = new LinkedBlockingQueue<>();
  private volatile boolean isLate;

  LateTable(StickyTable here) {
    this.here = here;
  }

  void becomeLate() {
    isLate = true;
  }

  /** Waits for the next question, and returns a task that answers it. */
  Runnable nextAnswer() throws InterruptedException {
    return asked.take();
  }

  @Override
  public String lookup(long key) {
    return here.lookup(key);
  }

  @Override
  public String peek(long key) {
    return here.peek(key);
  }

  @Override
  public boolean wantsHash(long key) {
    return here.wantsHash(key);
  }

  @Override
  public Bound bind(long key, String expected, String candidate, boolean byHash) {
    return here.bind(key, expected, candidate, byHash);
  }

  @Override
  public CompletionStage<Bound> bindAsync(
      long key, String expected, String candidate, boolean byHash) {
    return later(() -> here.bind(key, expected, candidate, byHash));
  }

  @Override
  public CompletionStage<Bound> findAsync(long key) {
    return later(() -> {
      String name = here.peek(key);
      return (name == null) ? Bound.ABSENT : Bound.held(name);
    });
  }

  @Override
  public boolean unbind(long key, String expected) {
    return here.unbind(key, expected);
  }

  @Override
  public boolean isShared() {
    return true;
  }

  private CompletionStage<Bound> later(Supplier<Bound> answer) {
    if (!isLate) {
      return CompletableFuture.completedStage(answer.get());
    }
    CompletableFuture<Bound> stage = new CompletableFuture<>();
    asked.addAll(List.of(() -> stage.complete(answer.get())));
    return stage;
  }
}
