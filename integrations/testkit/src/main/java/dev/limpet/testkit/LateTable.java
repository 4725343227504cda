package dev.limpet.testkit;

import dev.limpet.core.Bound;
import dev.limpet.core.StickyTable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A table as proxies share it, which answers when the test says so, on the thread of the test. Use
 * it to test that your proxy waits for a shared table, and comes back to its own thread. Safe for
 * use by many threads at once if the table that it wraps is.
 */
public final class LateTable implements StickyTable {
  private final StickyTable here;
  private final LinkedBlockingQueue<Runnable> asked = new LinkedBlockingQueue<>();
  private volatile boolean isLate;

  /**
   * Makes a table that answers at once until {@link #becomeLate}.
   *
   * @param here has the bindings
   */
  public LateTable(StickyTable here) {
    this.here = here;
  }

  /** Lets all further questions wait for {@link #nextAnswer}. */
  public void becomeLate() {
    isLate = true;
  }

  /**
   * Waits for the next question.
   *
   * @return a task that answers it, on the thread that runs the task
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public Runnable nextAnswer() throws InterruptedException {
    return asked.take();
  }

  @Override
  public @Nullable String lookup(long key) {
    return here.lookup(key);
  }

  @Override
  public @Nullable String peek(long key) {
    return here.peek(key);
  }

  @Override
  public boolean wantsHash(long key) {
    return here.wantsHash(key);
  }

  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    return here.bind(key, expected, candidate, byHash);
  }

  @Override
  public CompletionStage<Bound> bindAsync(
      long key, @Nullable String expected, String candidate, boolean byHash) {
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
    asked.add(() -> stage.complete(answer.get()));
    return stage;
  }
}
