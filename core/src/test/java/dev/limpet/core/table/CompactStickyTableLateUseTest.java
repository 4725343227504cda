package dev.limpet.core.table;

import static dev.limpet.core.PausingClock.READING;

import dev.limpet.core.Pause;
import dev.limpet.core.PausingClock;
import dev.limpet.core.Rewritten;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A use that is recorded long after its time does not make a session live again. */
@Timeout(120)
class CompactStickyTableLateUseTest {
  private static final String REPLACE = "replace";
  private static final int WRAP = 256;

  @Test
  void aUseRecordedWhileADeadBindingIsGivenUp_doesNotCount() throws Exception {
    TableScene.needs(
        SweptAfterTwoDurations.class,
        pausable(),
        Segment.class,
        "while (BindingWord.isBinding(word) &&",
        "if (BindingWord.isBinding(word) &&");
  }

  @Test
  void aUseRecordedWhileAllIsGivenUp_doesNotCount() throws Exception {
    TableScene.needs(
        SweptAfterFourDurations.class,
        pausable(),
        Segment.class,
        "while (BindingWord.isBinding(words.get(at)))",
        "if (BindingWord.isBinding(words.get(at)))");
  }

  private static Rewritten pausable() {
    String replace = "return WORDS.compareAndSet(words, at, expected, next);";
    return Rewritten.nothing()
        .replacing(
            BucketArray.class, replace, "dev.limpet.core.Pause.here(\"replace\"); " + replace);
  }

  static final class SweptAfterTwoDurations extends Swept {
    SweptAfterTwoDurations() {
      super(2 * DURATION + 1);
    }
  }

  static final class SweptAfterFourDurations extends Swept {
    SweptAfterFourDurations() {
      super(WRAP + 3);
    }
  }

  /** A reader sleeps from tick 2 on, and wakes up while the table is swept. */
  abstract static class Swept extends TableScene {
    private final int sweptAt;

    Swept(int sweptAt) {
      this.sweptAt = sweptAt;
    }

    @Override
    public Boolean call() {
      return Stream.of(READING, REPLACE)
          .allMatch(place -> IntStream.rangeClosed(1, 3).allMatch(at -> staysDead(place, at)));
    }

    private boolean staysDead(String place, int passage) {
      clock = new PausingClock();
      table = table(8);
      bind(1, "a");
      pass(2);
      CountDownLatch asleep = new CountDownLatch(1);
      CountDownLatch awake = new CountDownLatch(1);
      FutureTask<String> reader = start(() -> {
        Pause.at(READING, () -> {
          asleep.countDown();
          await(awake);
        });
        return table.lookup(1);
      });
      await(asleep);
      pass(sweptAt - 2);
      Pause.at(place, passage, () -> {
        awake.countDown();
        result(reader);
      });
      table.unbind(2, "b");
      awake.countDown();
      result(reader);
      pass(Math.max(0, 2 + WRAP - sweptAt));
      return table.peek(1) == null;
    }

    private static void await(CountDownLatch latch) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
