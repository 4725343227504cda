package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Bound;
import dev.limpet.core.Bound.Status;
import dev.limpet.core.StickyTable;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract of a {@link StickyTable}. To test your own table, extend this class, with JUnit
 * Jupiter and AssertJ on the class path:
 *
 * <pre>{@code
 * class MyStickyTableTest extends StickyTableContract {
 *   @Override
 *   protected StickyTable newTable(StickySession session, long capacity, NanoClock clock) {
 *     return new MyStickyTable(session, capacity, clock);
 *   }
 * }
 * }</pre>
 *
 * <p>A table may be late by 1/32 of the duration that ends a binding, plus two seconds. That holds
 * for the binding itself, for the slot of an expired binding, and for the memory of an overflow.
 * Nothing may end early, and there may never be more live bindings than the capacity. A table of
 * more than eight slots may refuse a new session once more than half of its slots are taken. All
 * tests except the races use one thread. The clock moves only between calls, except in the race of
 * uses with {@code unbind}.
 */
public abstract class StickyTableContract extends StickyTableTimeContract {
  private static final Duration T = Duration.ofMinutes(20);
  private static final long KEY = 42;

  private final ManualClock clock = new ManualClock(0);

  /** For subclasses. */
  protected StickyTableContract() {}

  @Test
  void unknownKey_isBoundToNothing() {
    StickyTable table = table(10);
    assertThat(table.lookup(KEY)).isNull();
    assertThat(table.peek(KEY)).isNull();
    assertThat(table.unbind(KEY, "a")).isFalse();
    assertThat(table.wantsHash(KEY)).isFalse();
  }

  @Test
  void bind_storesTheCandidate() {
    StickyTable table = table(10);
    assertThat(table.bind(KEY, null, "a", false)).isEqualTo(Bound.stored("a"));
    assertThat(table.lookup(KEY)).isEqualTo("a");
    assertThat(table.peek(KEY)).isEqualTo("a");
    assertThat(table.lookup(KEY + 1)).isNull();
  }

  @Test
  void bind_byHashIsStoredAlsoWithoutOverflow() {
    StickyTable table = table(10);
    assertThat(table.bind(KEY, null, "a", true)).isEqualTo(Bound.stored("a"));
    assertThat(table.lookup(KEY)).isEqualTo("a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "b"})
  void bind_ofABoundKeyIsHeld(String candidate) {
    StickyTable table = table(10);
    table.bind(KEY, null, "a", false);
    assertThat(table.bind(KEY, null, candidate, false)).isEqualTo(Bound.held("a"));
    assertThat(table.bind(KEY, null, candidate, true)).isEqualTo(Bound.held("a"));
    assertThat(table.bind(KEY, "other", candidate, false)).isEqualTo(Bound.held("a"));
    assertThat(table.lookup(KEY)).isEqualTo("a");
  }

  @Test
  void bindAsync_answersAsBindInTheEnd() {
    StickyTable table = table(10);
    assertThat(bindAsync(table, null, "a")).isEqualTo(Bound.stored("a"));
    assertThat(table.lookup(KEY)).isEqualTo("a");
    assertThat(bindAsync(table, null, "b")).isEqualTo(Bound.held("a"));
    assertThat(bindAsync(table, "a", "b")).isEqualTo(Bound.stored("b"));
    table.unbind(KEY, "b");
    assertThat(bindAsync(table, "b", "c")).isEqualTo(Bound.ABSENT);
    assertThat(table.lookup(KEY)).isNull();
  }

  @Test
  void findAsync_findsWhatIsBoundAndBindsNothing() {
    StickyTable table = table(10);
    assertThat(findAsync(table)).isEqualTo(Bound.ABSENT);
    assertThat(table.lookup(KEY)).isNull();
    table.bind(KEY, null, "a", false);
    assertThat(findAsync(table)).isEqualTo(Bound.held("a"));
    assertThat(table.lookup(KEY)).isEqualTo("a");
  }

  @Test
  void capacity_isThatOfTheTableWhereItIsKnown() {
    assertThat(table(10).capacity()).isIn(0L, 10L);
  }

  @Test
  void bind_replacesTheExpectedName() {
    StickyTable table = table(10);
    table.bind(KEY, null, "a", false);
    assertThat(table.bind(KEY, "a", "b", false)).isEqualTo(Bound.stored("b"));
    assertThat(table.bind(KEY, "a", "c", false)).isEqualTo(Bound.held("b"));
    assertThat(table.bind(KEY, new String("b"), "b", false)).isEqualTo(Bound.stored("b"));
    assertThat(table.lookup(KEY)).isEqualTo("b");
  }

  @Test
  void bind_ofAKeyWhoseBindingIsGone_bindsNothing() {
    StickyTable table = table(10);
    assertThat(table.bind(KEY, "a", "b", false)).isEqualTo(Bound.ABSENT);
    assertThat(table.bind(KEY, "a", "b", true)).isEqualTo(Bound.ABSENT);
    assertThat(table.lookup(KEY)).isNull();
  }

  @Test
  void unbind_removesTheExpectedNameOnly() {
    StickyTable table = table(10);
    table.bind(KEY, null, "a", false);
    assertThat(table.unbind(KEY, "b")).isFalse();
    assertThat(table.lookup(KEY)).isEqualTo("a");
    assertThat(table.unbind(KEY, new String("a"))).isTrue();
    assertThat(table.unbind(KEY, "a")).isFalse();
    assertThat(table.lookup(KEY)).isNull();
    assertThat(table.peek(KEY)).isNull();
  }

  @Test
  void unboundSession_mayBeginAgain() {
    StickyTable table = table(10);
    table.bind(KEY, null, "a", false);
    table.unbind(KEY, "a");
    assertThat(table.bind(KEY, null, "b", false)).isEqualTo(Bound.stored("b"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, 0xFFFFFFFFL})
  void everyKeyButZero_canBeBound(long key) {
    StickyTable table = table(10);
    assertThat(table.bind(key, null, "a", false)).isEqualTo(Bound.stored("a"));
    assertThat(table.bind(~key, null, "b", false)).isEqualTo(Bound.stored("b"));
    assertThat(table.lookup(key)).isEqualTo("a");
    assertThat(table.unbind(key, "a")).isTrue();
    assertThat(table.lookup(~key)).isEqualTo("b");
  }

  @Test
  void names_areAnyPrintableAscii() {
    String printable =
        IntStream.rangeClosed(' ', '~').mapToObj(Character::toString).collect(Collectors.joining());
    StickyTable table = table(1000);
    for (String name :
        new String[] {printable, " ", "a@b", "x".repeat(128) + "@" + "y".repeat(128)}) {
      assertThat(table.bind(name.length(), null, name, false)).isEqualTo(Bound.stored(name));
      assertThat(table.lookup(name.length())).isEqualTo(name);
      assertThat(table.bind(name.length(), name, name + "2", false).name()).isEqualTo(name + "2");
      assertThat(table.unbind(name.length(), name + "2")).isTrue();
    }
  }

  @Test
  void fullTable_refusesNewSessionsAndKeepsItsOwn() {
    StickyTable table = full(3);

    assertThat(table.bind(4, null, "a", false)).isEqualTo(Bound.FULL);
    assertThat(table.bind(5, null, "a", true)).isEqualTo(Bound.FULL);
    assertThat(table.bind(6, "gone", "a", true)).isEqualTo(Bound.ABSENT);
    for (long key = 1; key <= 3; key++) {
      assertThat(table.lookup(key)).isEqualTo("own");
    }
    for (long key = 4; key <= 6; key++) {
      assertThat(table.lookup(key)).isNull();
    }
  }

  @Test
  void fullTable_servesItsOwnSessionsAsEver() {
    StickyTable table = full(3);
    table.bind(4, null, "a", false);

    assertThat(table.bind(1, null, "a", false)).isEqualTo(Bound.held("own"));
    assertThat(table.bind(1, "own", "moved", false)).isEqualTo(Bound.stored("moved"));
    assertThat(table.lookup(1)).isEqualTo("moved");
    assertThat(table.unbind(1, "moved")).isTrue();
  }

  @Test
  void fullTable_doesNotBindASessionOfAnOpenRouteAgain() {
    StickyTable table = full(3);
    assertThat(table.renew(4, "a", null)).isEqualTo(Bound.FULL);
    assertThat(table.lookup(4)).isNull();
    assertThat(table.renew(1, "a", null)).isEqualTo(Bound.held("own"));
    table.unbind(1, "own");
    assertThat(table.renew(4, "a", null)).isEqualTo(Bound.stored("a"));
  }

  @Test
  void fullTable_thatRefusedNobody_wantsNoHash() {
    StickyTable table = full(3);
    table.unbind(1, "own");

    assertThat(table.wantsHash(4)).isFalse();
    assertThat(table.bind(4, null, "a", false)).isEqualTo(Bound.stored("a"));
  }

  @Test
  void afterAnOverflow_unknownKeysAreBoundByHashOnly() {
    StickyTable table = full(3);
    table.bind(4, null, "a", false);
    table.unbind(1, "own");

    assertThat(table.wantsHash(4)).isTrue();
    assertThat(table.bind(4, null, "a", false)).isEqualTo(Bound.HASH_WANTED);
    assertThat(table.bind(4, "gone", "a", false)).isEqualTo(Bound.ABSENT);
    assertThat(table.lookup(4)).isNull();
    assertThat(table.bind(4, null, "a", true)).isEqualTo(Bound.stored("a"));
    assertThat(table.lookup(4)).isEqualTo("a");
  }

  @Test
  void overflow_isRememberedForOneDuration() {
    StickyTable table = full(3);
    table.bind(4, null, "a", false);
    clock.advance(T.minusNanos(1));
    assertThat(table.wantsHash(5)).isTrue();
    assertThat(table.bind(5, null, "a", false).status()).isEqualTo(Status.HASH_WANTED);
    clock.advance(late(T).plusNanos(1));
    assertThat(table.wantsHash(5)).isFalse();
    assertThat(table.bind(5, null, "a", false).status()).isEqualTo(Status.STORED);
  }

  @Test
  void overflow_isRememberedFromTheLastOne() {
    StickyTable table = full(1);
    for (int step = 0; step < 500; step++) {
      assertThat(table.bind(4, null, "a", true)).isEqualTo(Bound.FULL);
      clock.advance(Duration.ofMillis(step * 7L));
      assertThat(table.lookup(1)).isEqualTo("own");
    }
    assertThat(table.bind(4, null, "a", true)).isEqualTo(Bound.FULL);
    clock.advance(T.minusNanos(1));
    assertThat(table.wantsHash(4)).isTrue();
  }

  @Test
  void expiredPlaces_canBeTaken() {
    StickyTable table = full(3);
    clock.advance(T.plus(late(T)));
    for (long key = 4; key <= 6; key++) {
      assertThat(table.bind(key, null, "a", true)).isEqualTo(Bound.stored("a"));
    }
    assertThat(table.bind(7, null, "a", true)).isEqualTo(Bound.FULL);
  }

  @Test
  void expiredSession_canTakeItsOwnPlaceAgain() {
    StickyTable table = full(1);
    clock.advance(T.plus(late(T)));
    assertThat(table.bind(1, null, "again", false)).isEqualTo(Bound.stored("again"));
    assertThat(table.lookup(1)).isEqualTo("again");
  }

  @Test
  void unboundPlaces_canBeTakenAtOnce() {
    StickyTable table = full(1);
    for (long key = 1; key <= 1000; key++) {
      assertThat(table.unbind(key, "own")).isTrue();
      assertThat(table.bind(key + 1, null, "own", false)).isEqualTo(Bound.stored("own"));
    }
  }

  private static Bound bindAsync(StickyTable table, @Nullable String expected, String candidate) {
    return table.bindAsync(KEY, expected, candidate, true).toCompletableFuture().join();
  }

  private static Bound findAsync(StickyTable table) {
    return table.findAsync(KEY).toCompletableFuture().join();
  }

  private StickyTable full(int capacity) {
    StickyTable table = table(capacity);
    for (long key = 1; key <= capacity; key++) {
      assertThat(table.bind(key, null, "own", false)).isEqualTo(Bound.stored("own"));
    }
    return table;
  }

  private StickyTable table(long capacity) {
    return newTable(sliding(T), capacity, clock);
  }
}
