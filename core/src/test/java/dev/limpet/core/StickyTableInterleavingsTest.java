package dev.limpet.core;

import dev.limpet.core.StickyTableRaceContract.ManualClock;
import java.util.HashMap;
import java.util.Map;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whatever the interleaving, the answers of a table with room are those of some order of the calls.
 * (Places are given back a moment after a binding ends, so a full table is another matter.)
 */
class StickyTableInterleavingsTest {

  @Test
  void answersAreThoseOfSomeOrderOfTheCalls() {
    StressOptions options = new StressOptions()
        .threads(3)
        .actorsPerThread(3)
        .actorsBefore(2)
        .actorsAfter(2)
        .iterations(40)
        .invocationsPerIteration(3_000)
        .sequentialSpecification(OneAtATime.class);
    options.check(Calls.class);
  }

  /** What Lincheck calls; it needs public types and takes names as numbers, 0 for null. */
  public static class Calls {
    private final StickyTable table =
        CaffeineStickyTable.of(StickySession.custom(), 100, new ManualClock(0));

    @Operation
    public @Nullable String lookup(@Param(gen = IntGen.class, conf = "1:2") int key) {
      return table.lookup(key);
    }

    @Operation
    public @Nullable String peek(@Param(gen = IntGen.class, conf = "1:2") int key) {
      return table.peek(key);
    }

    @Operation
    public String bind(
        @Param(gen = IntGen.class, conf = "1:2") int key,
        @Param(gen = IntGen.class, conf = "0:2") int expected,
        @Param(gen = IntGen.class, conf = "1:3") int candidate) {
      return table.bind(key, name(expected), "n" + candidate, false).toString();
    }

    @Operation
    public boolean unbind(
        @Param(gen = IntGen.class, conf = "1:2") int key,
        @Param(gen = IntGen.class, conf = "1:3") int expected) {
      return table.unbind(key, "n" + expected);
    }
  }

  /** The same, by one thread. */
  public static class OneAtATime {
    private final Map<Integer, String> names = new HashMap<>();

    public @Nullable String lookup(int key) {
      return names.get(key);
    }

    public @Nullable String peek(int key) {
      return names.get(key);
    }

    public String bind(int key, int expected, int candidate) {
      String now = names.get(key);
      if (now == null && expected != 0) {
        return Bound.ABSENT.toString();
      }
      if (now != null && !now.equals(name(expected))) {
        return Bound.held(now).toString();
      }
      names.put(key, "n" + candidate);
      return Bound.stored("n" + candidate).toString();
    }

    public boolean unbind(int key, int expected) {
      return names.remove(key, "n" + expected);
    }
  }

  private static @Nullable String name(int number) {
    return (number == 0) ? null : "n" + number;
  }
}
