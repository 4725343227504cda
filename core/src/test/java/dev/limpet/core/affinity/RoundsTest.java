package dev.limpet.core.affinity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Rewritten;
import dev.limpet.core.Rounds;
import dev.limpet.core.Threads;
import dev.limpet.core.table.TableScene;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Code that is broken so that it searches for ever ends, and counts as broken. */
@Timeout(120)
class RoundsTest {
  private static final Rewritten ENDLESS = Rewritten.nothing()
      .replacing(
          LongHashSet.class,
          "while (keys[at] != NONE && keys[at] != key) {",
          "while (keys.length > 0) {");

  @Test
  void endlessSearch_endsAndIsNotWell() throws Exception {
    TableScene.needs(Finds.class, Rewritten.nothing(), ENDLESS);
  }

  @Test
  void endlessSearchOfOneThread_keepsNoOtherWaiting() throws Exception {
    TableScene.needs(FindsBeforeOthersGoOn.class, Rewritten.nothing(), ENDLESS);
  }

  @Test
  void anotherFault_isNotTakenForAnEnd() {
    Rewritten throwing =
        Rewritten.nothing().replacing(LongHashSet.class, "size += (", "size /= 0; size += (");

    assertThatThrownBy(() -> TableScene.needs(Finds.class, Rewritten.nothing(), throwing))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void aScene_isFarFromTheLimit() {
    for (long round = 0; round < Rounds.MOST / 100; round++) {
      Rounds.take();
    }
    assertThat(Rounds.isEndless(new AssertionError("other", new IllegalStateException())))
        .isFalse();
  }

  /** A key is added. */
  static final class Finds extends TableScene {
    @Override
    public Boolean call() {
      LongHashSet keys = new LongHashSet();
      keys.add(1);
      return keys.size() == 1;
    }
  }

  /** A key is added by one of two threads that wait for each other. */
  static final class FindsBeforeOthersGoOn extends TableScene {
    @Override
    public Boolean call() throws Exception {
      CyclicBarrier added = new CyclicBarrier(2);
      Threads.together(2, thread -> {
        if (thread == 0) {
          new LongHashSet().add(1);
        }
        added.await();
      });
      return true;
    }
  }
}
