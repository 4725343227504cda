package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Bound;
import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.StickyTable;
import dev.limpet.core.table.StickyTableRaceContract.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The contract of {@link StickyTable#renew} and {@link StickyTable#age}; see {@link
 * StickyTableContract}. A table that is shared by several processes must pass it, too.
 */
public abstract class StickyTableRenewContract {
  private static final Duration T = Duration.ofMinutes(20);
  private static final Duration MAX = Duration.ofHours(8);
  private static final Duration GONE = T.multipliedBy(2);
  private static final long KEY = 42;

  private final ManualClock clock = new ManualClock(0);

  /** For subclasses. */
  protected StickyTableRenewContract() {}

  /**
   * Returns an empty table.
   *
   * @param session the mode, the duration and the maximum duration of its bindings
   * @param capacity the maximum number of bindings
   * @param clock the clock
   */
  protected abstract StickyTable newTable(StickySession session, long capacity, NanoClock clock);

  @Test
  void renew_isAUse() {
    StickyTable table = bound(sliding());
    for (int use = 0; use < 10; use++) {
      clock.advance(T.minusNanos(1));
      assertThat(table.renew(KEY, "a", null)).isEqualTo(Bound.held("a"));
    }
    clock.advance(T.minusNanos(1));
    assertThat(table.peek(KEY)).isEqualTo("a");
  }

  @Test
  void renew_ofASessionThatIsBoundElsewhere_changesNothingButIsAUse() {
    StickyTable table = bound(sliding());
    clock.advance(T.minusNanos(1));
    assertThat(table.renew(KEY, "b", null)).isEqualTo(Bound.held("a"));
    clock.advance(T.minusNanos(1));
    assertThat(table.peek(KEY)).isEqualTo("a");
  }

  @Test
  void renew_bindsASessionAgainWhoseBindingExpired() {
    StickyTable table = bound(sliding());
    clock.advance(GONE);
    assertThat(table.peek(KEY)).isNull();
    assertThat(table.renew(KEY, "b", null)).isEqualTo(Bound.stored("b"));
    assertThat(table.lookup(KEY)).isEqualTo("b");
    clock.advance(T.minusNanos(1));
    assertThat(table.lookup(KEY)).isEqualTo("b");
    clock.advance(GONE);
    assertThat(table.lookup(KEY)).isNull();
  }

  @Test
  void renewedSession_isCountedAsOthers() {
    StickyTable table = bound(sliding());
    clock.advance(GONE);
    table.renew(KEY, "a", null);
    assertThat(table.bindings("a").orElse(1)).isEqualTo(1);
    assertThat(table.unbind(KEY, "a")).isTrue();
    assertThat(table.bindings("a").orElse(0)).isZero();
  }

  @Test
  void renew_doesNotProlongAnAbsoluteDuration() {
    StickyTable table = bound(sliding().withMode(Mode.ABSOLUTE));
    clock.advance(T.minusNanos(1));
    assertThat(table.renew(KEY, "a", null)).isEqualTo(Bound.held("a"));
    clock.advance(T);
    assertThat(table.renew(KEY, "a", null)).isEqualTo(Bound.ABSENT);
    assertThat(table.peek(KEY)).isNull();
  }

  @Test
  void age_isNull_ifSessionsDoNotEndByTheirAge() {
    assertThat(bound(sliding()).age(KEY)).isNull();
    assertThat(bound(sliding().withMode(Mode.ABSOLUTE)).age(KEY)).isNull();
  }

  @Test
  void age_isNull_ifNothingIsBound() {
    StickyTable table = bound(aging());
    assertThat(table.age(KEY + 1)).isNull();
    clock.advance(GONE);
    assertThat(table.age(KEY)).isNull();
  }

  @Test
  void age_isThatOfTheSession_howeverItIsUsedOrMoved() {
    StickyTable table = bound(aging());
    Duration step = Duration.ofMinutes(7);
    for (Duration age = Duration.ZERO; age.compareTo(MAX) < 0; age = age.plus(step)) {
      assertThat(table.age(KEY).minus(age).abs()).as("at %s", age).isLessThanOrEqualTo(tolerance());
      table.bind(KEY, table.lookup(KEY), "moved" + age.toMinutes() % 2, true);
      clock.advance(step);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT41M", "PT1H", "PT2H30M", "PT7H59M"})
  void sessionThatIsRenewedWithItsAge_endsWhenItWouldHaveEnded(Duration step) {
    StickyTable table = bound(aging());
    Duration age = Duration.ZERO;
    while (age.plus(step).compareTo(MAX) < 0) {
      Duration before = table.age(KEY);
      clock.advance(step);
      age = age.plus(step);
      assertThat(table.peek(KEY)).isNull();
      assertThat(table.renew(KEY, "a", before.plus(step))).isEqualTo(Bound.stored("a"));
    }
    endsAt(table, MAX.minus(age), Duration.ofNanos(1));
  }

  /** The age is read a moment before the clock, and later the clock a moment before the bind. */
  @ParameterizedTest
  @ValueSource(longs = {1, -1, 1_000_000, -1_000_000})
  void sessionThatIsRenewedWithAnAgeThatIsAMomentOff_endsWhenItWouldHaveEnded(long nanos) {
    StickyTable table = bound(aging());
    Duration age = Duration.ZERO;
    while (age.plus(GONE).compareTo(MAX) < 0) {
      Duration before = table.age(KEY);
      clock.advance(GONE);
      age = age.plus(GONE);
      Duration off = before.plus(GONE).plusNanos(nanos);
      assertThat(table.renew(KEY, "a", off)).isEqualTo(Bound.stored("a"));
    }
    endsAt(table, MAX.minus(age), Duration.ofNanos(nanos).abs().multipliedBy(20));
  }

  @Test
  void sessionThatIsOver_isNotBoundAgain() {
    StickyTable table = bound(aging());
    clock.advance(MAX.plus(late(MAX)));
    for (Duration age : new Duration[] {MAX.plus(late(MAX)), MAX.multipliedBy(9)}) {
      assertThat(table.renew(KEY, "a", age)).isEqualTo(Bound.ABSENT);
      assertThat(table.peek(KEY)).isNull();
    }
    assertThat(table.bind(KEY, null, "b", true)).isEqualTo(Bound.stored("b"));
  }

  @Test
  void sessionOfUnknownAge_isYoung() {
    StickyTable table = newTable(aging(), 1_000, clock);
    assertThat(table.renew(KEY, "a", null)).isEqualTo(Bound.stored("a"));
    assertThat(table.age(KEY)).isLessThanOrEqualTo(tolerance());
  }

  /** Uses the session until it ends, which a margin before a time has passed it has not. */
  private void endsAt(StickyTable table, Duration left, Duration margin) {
    Duration step = Duration.ofMinutes(5);
    Duration rest = left.minus(margin);
    while (rest.compareTo(step) > 0) {
      assertThat(table.lookup(KEY)).isEqualTo("a");
      clock.advance(step);
      rest = rest.minus(step);
    }
    clock.advance(rest);
    assertThat(table.lookup(KEY)).as("before its end").isEqualTo("a");
    clock.advance(late(MAX).plus(margin.multipliedBy(2)));
    assertThat(table.lookup(KEY)).as("after its end").isNull();
  }

  private StickyTable bound(StickySession session) {
    StickyTable table = newTable(session, 1_000, clock);
    assertThat(table.bind(KEY, null, "a", true)).isEqualTo(Bound.stored("a"));
    return table;
  }

  private static Duration tolerance() {
    return MAX.dividedBy(64).plusSeconds(2);
  }

  private static Duration late(Duration duration) {
    return duration.dividedBy(32).plusSeconds(2);
  }

  private static StickySession sliding() {
    return StickySession.custom().withDuration(T);
  }

  private static StickySession aging() {
    return sliding().withMaxDuration(MAX);
  }
}
