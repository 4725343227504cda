package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Bound;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.table.StickyTableRaceContract.ManualClock;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Sessions that are renewed with the age that they had, after any times. */
class StickyTableAgeProperties {
  private static final long KEY = 42;

  @Property
  void aSessionThatIsRenewed_endsAtItsMaximum(
      @ForAll TableKind kind,
      @ForAll @LongRange(min = 60, max = 7_200) long seconds,
      @ForAll @IntRange(min = 1, max = 100) int times,
      @ForAll @LongRange(min = 0, max = Integer.MAX_VALUE) long start,
      @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 4_000) Integer> steps) {
    Duration duration = Duration.ofSeconds(seconds);
    Duration max = duration.multipliedBy(times);
    ManualClock clock = new ManualClock(0);
    StickyTable table =
        kind.of(StickySession.custom().withDuration(duration).withMaxDuration(max), 10, clock);
    clock.advance(start);
    table.bind(KEY, null, "a", true);
    Duration age = Duration.ZERO;
    for (int step : steps) {
      Duration known = table.age(KEY);
      assertThat(known.minus(age).abs()).isLessThanOrEqualTo(half(late(max)));
      Duration passed = duration.multipliedBy(step).dividedBy(1_000).plusNanos(step);
      clock.advance(passed);
      age = age.plus(passed);

      Bound bound = table.renew(KEY, "a", known.plus(passed));

      if (age.compareTo(max) < 0) {
        assertThat(bound.name()).as("at %s", age).isEqualTo("a");
      } else if (age.compareTo(max.plus(late(max))) > 0) {
        assertThat(bound).as("at %s", age).isEqualTo(Bound.ABSENT);
      }
      if (bound.name() == null) {
        assertThat(table.peek(KEY)).isNull();
        return;
      }
    }
  }

  private static Duration half(Duration duration) {
    return duration.dividedBy(2).plusSeconds(1);
  }

  private static Duration late(Duration max) {
    return max.dividedBy(32).plusSeconds(2);
  }
}
