package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Churn.Load;
import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.table.CaffeineStickyTable;
import dev.limpet.core.table.TableKind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Both tables hold under churn, and a table that breaks one of its promises does not. */
class ChurnTest {
  static final StickySession SLIDING = StickySession.custom().withDuration(Duration.ofMinutes(1));
  static final StickySession LIMITED = SLIDING.withMaxDuration(Duration.ofMinutes(5));
  static final StickySession ABSOLUTE = SLIDING.withMode(Mode.ABSOLUTE);

  /** A clock may show anything when a table is made, and go on beyond the greatest number. */
  static final List<Long> STARTS = List.of(
      0L,
      -1L,
      Long.MIN_VALUE,
      Long.MAX_VALUE - Duration.ofSeconds(5).toNanos(),
      Duration.ofMillis(1L << 31).toNanos(),
      Duration.ofMillis(1L << 32).toNanos());

  private static final Load LOAD = Load.churn(4, 5_000);

  static Stream<Arguments> starts() {
    return Stream.concat(
        STARTS.stream().map(start -> Arguments.of(SLIDING, start)),
        Stream.of(Arguments.of(LIMITED, 0L), Arguments.of(ABSOLUTE, 0L)));
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("starts")
  void compactTable_holds(StickySession session, long start) throws InterruptedException {
    holds(session, start, TableKind.COMPACT);
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("starts")
  void caffeineTable_holds(StickySession session, long start) throws InterruptedException {
    holds(session, start, TableKind.CAFFEINE);
  }

  @Test
  void tableThatEvicts_isFound() {
    isFound((clock, places) -> new ForwardingTable(caffeine(clock, places)) {
      private final AtomicLong binds = new AtomicLong();

      @Override
      public Bound bind(long key, String expected, String candidate, boolean byHash) {
        Bound bound = super.bind(key, expected, candidate, byHash);
        if (binds.incrementAndGet() % 1_000 == 0) {
          unbind(key, candidate);
        }
        return bound;
      }
    });
  }

  @Test
  void tableThatForgetsUses_isFound() {
    isFound((clock, places) -> new ForwardingTable(caffeine(clock, places)) {
      @Override
      public String lookup(long key) {
        return table.peek(key);
      }
    });
  }

  @Test
  void tableThatLetsNothingExpire_isFound() {
    isFound((clock, places) -> caffeine(() -> 0, places));
  }

  @Test
  void tableThatMovesASession_isFound() {
    isFound((clock, places) -> new ForwardingTable(caffeine(clock, places)) {
      @Override
      public String lookup(long key) {
        String name = super.lookup(key);
        return (name != null && key % 1_000 == 0) ? "backend0" : name;
      }
    });
  }

  @Test
  void tableThatForgetsItsOverflow_isFound() {
    isFound((clock, places) -> new ForwardingTable(caffeine(clock, places)) {
      @Override
      public boolean wantsHash(long key) {
        return false;
      }

      @Override
      public Bound bind(long key, String expected, String candidate, boolean byHash) {
        return super.bind(key, expected, candidate, true);
      }
    });
  }

  @Test
  void tableThatLosesPlaces_isFound() {
    assertThatThrownBy(() -> holds(SLIDING, 0, (clock, places) -> caffeine(clock, places - 10), 1))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("place");
  }

  private static void holds(StickySession session, long start, TableKind kind)
      throws InterruptedException {
    holds(session, start, kind.tables(session), kind.share);
  }

  private static void holds(
      StickySession session,
      long start,
      BiFunction<NanoClock, Long, StickyTable> tables,
      double share)
      throws InterruptedException {
    Churn churn = new Churn(LOAD, session, start, tables);

    churn.run(start, calls(200_000));
    for (int more = 1; !hasAllOutcomes(churn) && more <= 20; more++) {
      churn.run(start + more, calls(50_000));
    }
    churn.assertNoPlaceIsLost(share);

    assertThat(churn.count(Outcome.KEPT)).as("%s", churn).isGreaterThan(20_000);
    assertThat(churn.count(Outcome.NEW)).as("%s", churn).isGreaterThan(20_000);
    assertThat(churn.count(Outcome.MOVED)).as("%s", churn).isPositive();
    assertThat(churn.count(Outcome.HASHED)).as("%s", churn).isPositive();
  }

  /**
   * {@return whether the table overflowed and a backend failed that had sessions, which is up to
   * the threads}
   */
  private static boolean hasAllOutcomes(Churn churn) {
    return churn.count(Outcome.HASHED) > 0 && churn.count(Outcome.MOVED) > 0;
  }

  private static void isFound(BiFunction<NanoClock, Long, StickyTable> broken) {
    Churn churn = new Churn(LOAD, SLIDING, 0, broken);

    assertThatThrownBy(() -> churn.run(0, calls(200_000)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("threads threw");
  }

  private static StickyTable caffeine(NanoClock clock, long places) {
    return CaffeineStickyTable.of(SLIDING, places, clock);
  }

  /** {@return whether more calls are to be made, in batches, until there were so many} */
  static BooleanSupplier calls(long calls) {
    AtomicLong batches = new AtomicLong(calls / Churn.BATCH);
    return () -> batches.decrementAndGet() >= 0;
  }
}
