package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Bound;
import dev.limpet.core.PausingClock;
import dev.limpet.core.Rewritten;
import dev.limpet.core.Rounds;
import dev.limpet.core.StickySession;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Threads that meet in a compact table at the worst moment. Answers whether the table keeps its
 * promises. A thread that is paused without a lock does itself what others do meanwhile; where it
 * is paused under the lock, others are there.
 */
public abstract class TableScene implements Callable<Boolean> {
  /** How many ticks of the clock make the duration of the table's sessions. */
  public static final int DURATION = 64;

  public PausingClock clock = new PausingClock();
  public CompactStickyTable table = table(8);

  /** Asserts that a scene goes well, and does not without a text of the code. */
  public static void needs(
      Class<? extends TableScene> scene, Rewritten code, Class<?> type, String text, String without)
      throws Exception {
    needs(scene, code, code.replacing(type, text, without));
  }

  /** Asserts that a scene goes well with some code, and does not with other code. */
  public static void needs(Class<? extends TableScene> scene, Rewritten code, Rewritten broken)
      throws Exception {
    assertThat(code.run(scene)).as("the code").isTrue();
    assertThat(goesWell(scene, broken)).as("the broken code").isFalse();
  }

  /** {@return whether a scene goes well with code that may not end: then it does not} */
  private static boolean goesWell(Class<? extends TableScene> scene, Rewritten broken)
      throws Exception {
    try {
      return broken.limited().run(scene);
    } catch (Exception | Error e) {
      if (Rounds.isEndless(e)) {
        return false;
      }
      throw e;
    }
  }

  /** {@return code with slots for so many names} */
  public static Rewritten names(int names) {
    return Rewritten.nothing()
        .replacing(
            CompactStickyTable.class,
            "new NameTable(1 << BindingWord.SLOT_BITS)",
            "new NameTable(" + (names + 1) + ")");
  }

  public final CompactStickyTable table(long capacity) {
    StickySession session = StickySession.custom().withDuration(Duration.ofSeconds(DURATION));
    return CompactStickyTable.of(session, capacity, clock);
  }

  public final Bound bind(long key, String name) {
    return table.bind(key, null, name, true);
  }

  /** Lets time pass, and shows it to the table. */
  public final void pass(int ticks) {
    clock.advance(Duration.ofSeconds(ticks).toNanos());
    table.wantsHash(1);
  }

  /** {@return what another thread gets} */
  public static <T> T elsewhere(Callable<T> call) {
    return result(start(call));
  }

  /** {@return what another thread is about to get, which is now done or waits for a lock} */
  public static <T> FutureTask<T> meanwhile(Callable<T> call) {
    FutureTask<T> task = new FutureTask<>(call);
    Thread thread = new Thread(task);
    thread.start();
    while (thread.isAlive() && thread.getState() != Thread.State.BLOCKED) {
      Thread.onSpinWait();
    }
    return task;
  }

  /** {@return what another thread is about to get} */
  public static <T> FutureTask<T> start(Callable<T> call) {
    FutureTask<T> task = new FutureTask<>(call);
    new Thread(task).start();
    return task;
  }

  public static <T> T result(FutureTask<T> task) {
    try {
      return task.get();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
