package dev.limpet.core.table;

import static dev.limpet.core.PausingClock.READING;

import dev.limpet.core.Bound;
import dev.limpet.core.Pause;
import dev.limpet.core.Rewritten;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a reader of a compact table, which takes no lock, is protected by; each is shown to be
 * needed.
 */
@Timeout(120)
class CompactStickyTableReaderTest {
  private static final String SLOT = "slot";
  private static final String MOVE = "move";
  private static final String REPLACE = "replace";
  private static final String SEARCHED = "searched";
  private static final String AGAIN = "again";

  @Test
  void theWordIsReadAgain_afterItsSlot() throws Exception {
    TableScene.needs(
        SlotGoesToAnother.class,
        TableScene.names(1),
        CompactStickyTable.class,
        "words.get(at) == word && ",
        "");
  }

  @Test
  void theSlotIsReadAgain_afterTheWord() throws Exception {
    String fetch = "Slot slot = names.at(BindingWord.slot(word));";
    Rewritten code = TableScene.names(1)
        .replacing(
            CompactStickyTable.class, fetch, fetch + " dev.limpet.core.Pause.here(\"slot\");");
    TableScene.needs(
        SlotGoesRound.class,
        code,
        CompactStickyTable.class,
        " && names.at(slot.number()) == slot",
        "");
  }

  @Test
  void theTimeIsRead_afterTheWord() throws Exception {
    TableScene.needs(
        UsedMeanwhile.class,
        Rewritten.nothing(),
        CompactStickyTable.class,
        "long word = words.get(at);\n      Tick now = clock.now();",
        "Tick now = clock.now(); long word = words.get(at);");
  }

  @Test
  void aUseIsRecorded_onlyInTheWordThatWasJudged() throws Exception {
    String replace = "return WORDS.compareAndSet(words, at, expected, next);";
    Rewritten code = Rewritten.nothing()
        .replacing(
            BucketArray.class, replace, "dev.limpet.core.Pause.here(\"replace\"); " + replace);
    TableScene.needs(
        UnboundBeforeItsUseIsRecorded.class,
        code,
        BucketArray.class,
        replace,
        "set(at, next); return true;");
  }

  @Test
  void whoFindsNothingDuringAMove_looksAgainUnderTheLock() throws Exception {
    Rewritten code = Rewritten.nothing()
        .replacing(
            BucketArray.class,
            "set(to, take(from));",
            "long moved = take(from); dev.limpet.core.Pause.here(\"move\"); set(to, moved);");
    for (Class<? extends TableScene> scene :
        List.of(LookedUpOnTheMove.class, PeekedAtOnTheMove.class)) {
      TableScene.needs(
          scene, code, BucketArray.class, "moves.getAndIncrement(segment);\n    long", "long");
      TableScene.needs(scene, code, BucketArray.class, "before % 2 != 0 || ", "");
      TableScene.needs(
          scene, code, BucketArray.class, "at == NOWHERE && wasMoved(segment, before)", "false");
    }
  }

  @Test
  void aMoveBetweenTwoBuckets_isNoticed() throws Exception {
    String second = "return (at != NOWHERE) ? at : findIn(other(";
    Rewritten code = Rewritten.nothing()
        .replacing(BucketArray.class, second, "dev.limpet.core.Pause.here(\"searched\"); " + second)
        .replacing(
            BucketArray.class,
            "long before = moves.get(segment);",
            "dev.limpet.core.Pause.here(\"again\"); long before = moves.get(segment);");
    TableScene.needs(
        MovedBetweenTheSearches.class,
        code,
        BucketArray.class,
        " || moves.get(segment) != before",
        "");
  }

  /** The slot of the name that was found goes to another name. */
  static final class SlotGoesToAnother extends TableScene {
    @Override
    public Boolean call() {
      bind(1, "gone");
      Pause.at(READING, () -> {
        table.unbind(1, "gone");
        bind(2, "another");
      });
      return table.lookup(1) == null && "another".equals(table.lookup(2));
    }
  }

  /** The slot goes to a second name and then to a third, which the key is bound to. */
  static final class SlotGoesRound extends TableScene {
    @Override
    public Boolean call() {
      bind(1, "first");
      Pause.at(READING, () -> {
        table.unbind(1, "first");
        bind(2, "second");
      });
      Pause.at(SLOT, () -> {
        table.unbind(2, "second");
        bind(1, "third");
      });
      return "third".equals(table.lookup(1));
    }
  }

  /** The session is used for three durations. */
  static final class UsedMeanwhile extends TableScene {
    @Override
    public Boolean call() {
      bind(1, "a");
      Pause.at(READING, () -> {
        for (int half = 0; half < 6; half++) {
          pass(DURATION / 2);
          table.lookup(1);
        }
      });
      return "a".equals(table.lookup(1)) && "a".equals(table.peek(1));
    }
  }

  /** The session ends. */
  static final class UnboundBeforeItsUseIsRecorded extends TableScene {
    @Override
    public Boolean call() {
      bind(1, "a");
      pass(DURATION / 2);
      Pause.at(REPLACE, () -> table.unbind(1, "a"));
      return table.lookup(1) == null && table.peek(1) == null;
    }
  }

  /** In each search, a word is moved from the bucket that is searched last to the other. */
  static final class MovedBetweenTheSearches extends TableScene {
    private static final long PROBE = BindingWord.probe(42);

    @Override
    public Boolean call() {
      BucketArray words = new BucketArray(64);
      int other = words.other(PROBE, 0, 0);
      words.set(other, BindingWord.of(PROBE, 1, 0));
      Pause.at(SEARCHED, () -> words.move(0, other, 0));
      Pause.at(AGAIN, () -> {
        words.move(0, 0, other);
        Pause.at(SEARCHED, () -> words.move(0, other, 0));
      });
      return words.search(PROBE, 0, 0) == BucketArray.MOVING && words.search(PROBE, 0, 0) == 0;
    }
  }

  static final class LookedUpOnTheMove extends OnTheMove {
    @Override
    String ask(long key) {
      return table.lookup(key);
    }
  }

  static final class PeekedAtOnTheMove extends OnTheMove {
    @Override
    String ask(long key) {
      return table.peek(key);
    }
  }

  /** The binding is moved from one place to another. */
  abstract static class OnTheMove extends TableScene {
    private static final long KEYS = 100_000;

    private final Deque<Long> bound = new ArrayDeque<>();
    private FutureTask<String> reader;

    abstract String ask(long key);

    @Override
    public Boolean call() {
      table = table(64);
      Pause.at(MOVE, () -> {
        long moving =
            bound.stream().filter(key -> table.peek(key) == null).findFirst().orElseThrow();
        reader = meanwhile(() -> ask(moving));
      });
      for (long key = 1; reader == null && key <= KEYS; key++) {
        while (bind(key, "a").equals(Bound.FULL)) {
          table.unbind(bound.remove(), "a");
        }
        bound.add(key);
      }
      return reader != null && "a".equals(result(reader));
    }
  }
}
