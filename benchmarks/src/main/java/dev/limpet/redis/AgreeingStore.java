package dev.limpet.redis;

import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A store that knows nothing, and lets everyone who asks have their way, at once. */
public final class AgreeingStore implements BindingStore {
  private AgreeingStore() {}

  /**
   * {@return a shared table over such a store}
   *
   * @param session how sessions stick
   * @param capacity how many of them it keeps at hand
   */
  public static SharedTable table(StickySession session, long capacity) {
    return new SharedTable(
        new AgreeingStore(),
        new StoreCounts(),
        session,
        capacity,
        NanoClock.system(),
        InstantSource.system());
  }

  @Override
  public CompletionStage<Answer> bind(
      long key, @Nullable SharedBinding expected, @Nullable SharedBinding candidate, Duration age) {
    Answer answer = (candidate == null)
        ? Answer.ABSENT
        : new Answer(Answer.Status.STORED, candidate, Long.MAX_VALUE);
    return CompletableFuture.completedStage(answer);
  }

  @Override
  public CompletionStage<Answer> unbind(long key, SharedBinding expected) {
    return CompletableFuture.completedStage(Answer.ABSENT);
  }

  @Override
  public void later(Duration delay, Runnable task) {}

  @Override
  public void listen(Listener listener) {}
}
