package dev.limpet.core.table;

import static dev.limpet.core.PausingClock.READING;

import dev.limpet.core.Bound;
import dev.limpet.core.Bound.Status;
import dev.limpet.core.Pause;
import dev.limpet.core.Rewritten;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a change of a compact table is protected by; each is shown to be needed. */
@Timeout(120)
class CompactStickyTableWriterTest {
  private static final String TAKE = "take";
  private static final String SET = "set";
  private static final String REPLACE = "replace";
  private static final String FOUND = "found";
  private static final String COUNTED = "counted";

  @Test
  void whatSeemsDead_isJudgedByTheTimeAfterIt() throws Exception {
    TableScene.needs(
        UsedDuringBind.class,
        Rewritten.nothing(),
        Segment.class,
        " && !clock.now().isLive(word)",
        "");
  }

  @Test
  void bind_isDoneUnderTheLock() throws Exception {
    String set = "words.set(at, BindingWord.of(";
    TableScene.needs(
        BoundTwice.class,
        Rewritten.nothing()
            .replacing(Segment.class, set, "dev.limpet.core.Pause.here(\"set\"); " + set),
        Segment.class,
        "synchronized Bound bind(",
        "Bound bind(");
  }

  @Test
  void unbind_isDoneUnderTheLock() throws Exception {
    String take = "recordRemoval(words.take(at));";
    TableScene.needs(
        ReboundDuringUnbind.class,
        Rewritten.nothing()
            .replacing(Segment.class, take, "dev.limpet.core.Pause.here(\"take\"); " + take),
        Segment.class,
        "synchronized boolean unbind(",
        "boolean unbind(");
  }

  @Test
  void aRegionIsSwept_beforeItsTicksComeRound() throws Exception {
    TableScene.needs(
        NobodyCame.class,
        Rewritten.nothing(),
        Segment.class,
        "return now.number() - swept <= Tick.PER_DURATION;",
        "return true;");
  }

  @Test
  void whatMustBeDead_isNotLookedAt() throws Exception {
    TableScene.needs(
        NobodyCame.class,
        Rewritten.nothing(),
        Segment.class,
        "boolean allExpired = now.number() - swept.get(number) > Tick.PER_DURATION + Tick.LIFE;",
        "boolean allExpired = false;");
  }

  @Test
  void aSlotInUse_isNotGivenAway() throws Exception {
    TableScene.needs(
        AnotherNeedsASlot.class,
        TableScene.names(2),
        NameTable.class,
        "retired = uses() == 0;",
        "");
  }

  @Test
  void aSlot_isMarkedBeforeItsUsesAreCounted() throws Exception {
    String count = "retired = uses() == 0;";
    TableScene.needs(
        UsedWhileGivenAway.class,
        TableScene.names(1)
            .replacing(
                NameTable.class,
                count,
                "boolean unused = uses() == 0; dev.limpet.core.Pause.here(\"counted\");"
                    + " retired = unused;"),
        NameTable.class,
        "retired = true;",
        "");
  }

  @Test
  void aSlotThatWasGivenAway_isNotUsed() throws Exception {
    String find = "Slot slot = byName.get(name);";
    String use = find + "\n    if (slot == null) {\n      return useNew(";
    TableScene.needs(
        GivenAwayWhenFound.class,
        TableScene.names(1)
            .replacing(
                NameTable.class,
                use,
                use.replace(find, find + " dev.limpet.core.Pause.here(\"found\");")),
        NameTable.class,
        "if (!slot.retired) {",
        "if (true) {");
  }

  @Test
  void aSlotIsInUse_untilNoWordHasIt() throws Exception {
    String replace = "return WORDS.compareAndSet(words, at, expected, next);";
    Rewritten code = TableScene.names(2)
        .replacing(
            BucketArray.class, replace, "dev.limpet.core.Pause.here(\"replace\"); " + replace);
    String loop = "while (!words.replace(at, word, BindingWord.rebound(";
    String release = "names.release(old);";
    TableScene.needs(
        AnotherNeedsASlotDuringRebind.class,
        code,
        code.replacing(Segment.class, release, "").replacing(Segment.class, loop, release + loop));
  }

  /** The session is used by another while a bind, under the lock, has read the time. */
  static final class UsedDuringBind extends TableScene {
    @Override
    public Boolean call() {
      bind(1, "a");
      pass(DURATION / 2);
      Pause.at(READING, () -> {
        pass(2);
        elsewhere(() -> table.lookup(1));
      });
      return bind(1, "b").equals(Bound.held("a"));
    }
  }

  /** A key is bound while it is being bound. */
  static final class BoundTwice extends TableScene {
    private FutureTask<Bound> other;

    @Override
    public Boolean call() {
      Pause.at(SET, () -> other = meanwhile(() -> bind(1, "b")));
      Bound own = bind(1, "a");
      return own.equals(Bound.stored("a")) && result(other).equals(Bound.held("a"));
    }
  }

  /** A key is bound to another name while it is being unbound. */
  static final class ReboundDuringUnbind extends TableScene {
    private FutureTask<Bound> other;

    @Override
    public Boolean call() {
      bind(1, "a");
      Pause.at(TAKE, () -> other = meanwhile(() -> table.bind(1, "a", "b", false)));
      return table.unbind(1, "a") && result(other).equals(Bound.ABSENT);
    }
  }

  /** A table is not used until its ticks have wrapped around. */
  static final class NobodyCame extends TableScene {
    @Override
    public Boolean call() {
      bind(1, "a");
      pass(4 * DURATION);
      return table.lookup(1) == null;
    }
  }

  /** One of two slots is in use, and one was. */
  static final class AnotherNeedsASlot extends TableScene {
    @Override
    public Boolean call() {
      bind(1, "a");
      bind(2, "b");
      table.unbind(2, "b");
      bind(3, "c");
      return "a".equals(table.lookup(1)) && "c".equals(table.lookup(3));
    }
  }

  /** The slot of a name that nothing is bound to goes to another when it has just been found. */
  static final class GivenAwayWhenFound extends TableScene {
    @Override
    public Boolean call() {
      bind(1, "a");
      table.unbind(1, "a");
      Pause.at(FOUND, () -> bind(2, "b"));
      return bind(1, "a").equals(Bound.FULL)
          && table.lookup(1) == null
          && "b".equals(table.lookup(2));
    }
  }

  /** A key is bound to a name whose slot, in which there are no uses, is being given away. */
  static final class UsedWhileGivenAway extends TableScene {
    private FutureTask<Bound> other;

    @Override
    public Boolean call() {
      bind(1, "a");
      table.unbind(1, "a");
      Pause.at(COUNTED, () -> other = meanwhile(() -> bind(1, "a")));
      return bind(2, "b").equals(Bound.stored("b"))
          && result(other).equals(Bound.FULL)
          && table.lookup(1) == null
          && "b".equals(table.lookup(2));
    }
  }

  /** A name needs the slot of another that a key is about to leave. */
  static final class AnotherNeedsASlotDuringRebind extends TableScene {
    private FutureTask<Bound> other;
    private String seen;

    @Override
    public Boolean call() {
      bind(1, "a");
      Pause.at(REPLACE, () -> {
        other = meanwhile(() -> bind(2, "another"));
        seen = elsewhere(() -> table.peek(1));
      });
      return table.bind(1, "a", "b", false).status() == Status.STORED
          && "a".equals(seen)
          && result(other).status() == Status.STORED
          && "b".equals(table.lookup(1));
    }
  }
}
