package dev.limpet.core.table;

import dev.limpet.core.Bound;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.internal.SplitMix;
import dev.limpet.core.table.StickyTableRaceContract.ManualClock;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever the interleaving, the answers of a table with room are those of some order of the calls.
 * (Places are given back a moment after a binding ends, so a full table is another matter.)
 */
@Tag("own-jvm")
class StickyTableInterleavingsTest {
  private static final long NEWCOMER = 1;

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(classes = {CaffeineCalls.class, CompactCalls.class, CrowdedCalls.class})
  void answersAreThoseOfSomeOrderOfTheCalls(Class<? extends Calls> calls) {
    new StressOptions()
        .threads(3)
        .actorsPerThread(3)
        .actorsBefore(2)
        .actorsAfter(2)
        .iterations(10)
        .invocationsPerIteration(3_000)
        .sequentialSpecification(OneAtATime.class)
        .check(calls);
  }

  @Tag("slow")
  @Test
  void whoLooksUpABindingOnTheMove_findsIt() {
    checkEverySwitch(List.of(bind(1, 0, 1)), List.of(bind(0, 0, 2)), List.of(lookup(1), peek(1)));
  }

  @Tag("slow")
  @Test
  void twoBindsOfAKey_storeOne() {
    checkEverySwitch(List.of(), List.of(bind(0, 0, 1)), List.of(bind(0, 0, 2), lookup(0)));
  }

  @Tag("slow")
  @Test
  void aUseThatMeetsARebind_isOfOneOfTheTwo() {
    checkEverySwitch(
        List.of(bind(0, 0, 1), call("pass")),
        List.of(lookup(0), lookup(0)),
        List.of(bind(0, 1, 2), unbind(0, 2)));
  }

  @Tag("slow")
  @Test
  void anUnbindThatMeetsARebind_isFirstOrSecond() {
    checkEverySwitch(
        List.of(bind(0, 0, 1)),
        List.of(unbind(0, 1), bind(0, 0, 2)),
        List.of(bind(0, 1, 3), lookup(0)));
  }

  /** Switches between two threads at each step of their calls, one after the other. */
  private static void checkEverySwitch(List<Actor> before, List<Actor> one, List<Actor> other) {
    List<Actor> after = List.of(lookup(0), lookup(1));
    new ModelCheckingOptions()
        .iterations(0)
        .invocationsPerIteration(100)
        .addCustomScenario(new ExecutionScenario(before, List.of(one, other), after, null))
        .sequentialSpecification(OneAtATime.class)
        .check(CrowdedCalls.class);
  }

  private static Actor lookup(int key) {
    return call("lookup", key);
  }

  private static Actor peek(int key) {
    return call("peek", key);
  }

  private static Actor bind(int key, int expected, int candidate) {
    return call("bind", key, expected, candidate);
  }

  private static Actor unbind(int key, int expected) {
    return call("unbind", key, expected);
  }

  private static Actor call(String name, Integer... arguments) {
    Method method = Arrays.stream(CrowdedCalls.class.getMethods())
        .filter(m -> m.getName().equals(name) && !m.isBridge())
        .findFirst()
        .orElseThrow();
    return new Actor(method, List.of(arguments));
  }

  /** On a Caffeine table. */
  public static class CaffeineCalls extends Calls {
    /** Makes the table. */
    public CaffeineCalls() {
      this(new ManualClock(0));
    }

    private CaffeineCalls(ManualClock clock) {
      super(CaffeineStickyTable.of(StickySession.custom(), 100, clock), clock, NEWCOMER, 2);
    }
  }

  /** On a compact table. */
  public static class CompactCalls extends Calls {
    /** Makes the table. */
    public CompactCalls() {
      this(new ManualClock(0));
    }

    private CompactCalls(ManualClock clock) {
      super(CompactStickyTable.of(StickySession.custom(), 100, clock), clock, NEWCOMER, 2);
    }
  }

  /**
   * On a compact table both buckets of which are full for one key; the other is the first to make
   * way.
   */
  public static class CrowdedCalls extends Calls {
    private static final int CAPACITY = 64;
    private static final List<Long> CROWD = crowd();

    /** Makes the table. */
    public CrowdedCalls() {
      this(new ManualClock(0));
    }

    private CrowdedCalls(ManualClock clock) {
      this(CompactStickyTable.of(StickySession.custom(), CAPACITY, clock), clock);
    }

    private CrowdedCalls(StickyTable table, ManualClock clock) {
      super(table, clock, NEWCOMER, CROWD.get(0));
      CROWD.forEach(key -> table.bind(key, null, "crowd", false));
      table.unbind(CROWD.get(0), "crowd");
    }

    private static List<Long> crowd() {
      BucketArray words = new BucketArray(CAPACITY);
      List<Integer> full = List.of(bucket(words, NEWCOMER), other(words, NEWCOMER));
      return full.stream()
          .flatMap(bucket -> LongStream.range(NEWCOMER + 1, Long.MAX_VALUE)
              .filter(key -> bucket(words, key) == bucket && !full.contains(other(words, key)))
              .limit(BucketArray.BUCKET)
              .boxed())
          .toList();
    }

    private static int bucket(BucketArray words, long key) {
      return words.bucket(SplitMix.mix(key));
    }

    private static int other(BucketArray words, long key) {
      long mixed = SplitMix.mix(key);
      return words.other(BindingWord.probe(mixed), words.segment(mixed), words.bucket(mixed));
    }
  }

  /** What Lincheck calls; it needs public types and takes keys and names as numbers, 0 for null. */
  public abstract static class Calls {
    private final StickyTable table;
    private final ManualClock clock;
    private final long[] keys;

    Calls(StickyTable table, ManualClock clock, long... keys) {
      this.table = table;
      this.clock = clock;
      this.keys = keys;
    }

    /**
     * Lets a part of the duration pass, after which a use is recorded; all of them are less than
     * it.
     */
    @Operation
    public void pass() {
      clock.advance(Duration.ofSeconds(60));
    }

    @Operation
    public @Nullable String lookup(@Param(gen = IntGen.class, conf = "0:1") int key) {
      return table.lookup(keys[key]);
    }

    @Operation
    public @Nullable String peek(@Param(gen = IntGen.class, conf = "0:1") int key) {
      return table.peek(keys[key]);
    }

    @Operation
    public String bind(
        @Param(gen = IntGen.class, conf = "0:1") int key,
        @Param(gen = IntGen.class, conf = "0:2") int expected,
        @Param(gen = IntGen.class, conf = "1:3") int candidate) {
      return table.bind(keys[key], name(expected), "n" + candidate, false).toString();
    }

    @Operation
    public boolean unbind(
        @Param(gen = IntGen.class, conf = "0:1") int key,
        @Param(gen = IntGen.class, conf = "1:3") int expected) {
      return table.unbind(keys[key], "n" + expected);
    }
  }

  /** The same, by one thread. */
  public static class OneAtATime {
    private final Map<Integer, String> names = new HashMap<>();

    public void pass() {}

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
