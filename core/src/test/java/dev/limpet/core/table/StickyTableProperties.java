package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.StickyTable;
import dev.limpet.core.table.StickyTableModel.Lateness;
import dev.limpet.core.table.StickyTableRaceContract.ManualClock;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.LongRange;
import org.jspecify.annotations.Nullable;

/** That a table's answers are those of a {@link StickyTableModel}. */
abstract class StickyTableProperties<T extends StickyTable> {
  static final long SECOND = 1_000_000_000;
  private static final long KEYS = 6;

  abstract T newTable(StickySession session, long capacity, NanoClock clock);

  abstract long size(T table);

  abstract Lateness lateness(StickySession session);

  /** Any history of uses, binds and time, in any mode, on a table that is soon full. */
  @Tag("slow")
  @Property(tries = 20_000)
  void answersAreThoseOfTheModel(
      @ForAll("sessions") StickySession session,
      @ForAll @LongRange(min = 1, max = 4) long capacity,
      @ForAll("starts") long start,
      @ForAll("histories") List<Step> history) {
    ManualClock clock = new ManualClock(start);
    T table = newTable(session, capacity, clock);
    StickyTableModel model = new StickyTableModel(session, capacity, lateness(session));

    for (Step step : history) {
      clock.advance(step.time().nanos(session.duration().toNanos()));
      model.time(clock.nanos() - start);
      model.wantsHash(table.wantsHash(1)); // shows it the time
      step.call().run(table, model);
      assertThat(size(table)).isBetween(model.leastPlaces(), capacity);
    }

    clock.advance(Duration.ofDays(400));
    for (int pass = 0; pass < 2; pass++) {
      clock.advance(Duration.ofSeconds(2));
      for (long key = 1; key <= KEYS; key++) {
        assertThat(table.lookup(key)).isNull();
      }
    }
    assertThat(size(table)).isZero();
  }

  @Provide
  Arbitrary<StickySession> sessions() {
    Arbitrary<Duration> durations = Arbitraries.of(
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofSeconds(64),
        Duration.ofMinutes(20),
        Duration.ofDays(7));
    return Combinators.combine(durations, Arbitraries.of(0, 1, 2, 3, 4, 5)).as((duration, kind) -> {
      StickySession session = StickySession.custom().withDuration(duration);
      return switch (kind) {
        case 0, 1 -> session;
        case 2 -> session.withMode(Mode.ABSOLUTE);
        case 3 -> session.withMaxDuration(duration);
        case 4 -> session.withMaxDuration(duration.plusSeconds(2));
        default -> session.withMaxDuration(duration.multipliedBy(5).dividedBy(2));
      };
    });
  }

  @Provide
  Arbitrary<Long> starts() {
    return Arbitraries.of(
        0L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 5 * SECOND, 1L << 52);
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    return Combinators.combine(times(), calls()).as(Step::new).list().ofMaxSize(40);
  }

  private static Arbitrary<Time> times() {
    Arbitrary<Long> near = Arbitraries.longs().between(-2, 2);
    return Arbitraries.frequencyOf(
        Tuple.of(8, Arbitraries.just(new Time(0, 0))),
        Tuple.of(4, Arbitraries.longs().between(0, 3 * SECOND).map(n -> new Time(0, n))),
        Tuple.of(
            6, Combinators.combine(Arbitraries.doubles().between(0, 1), near).as(Time::new)),
        Tuple.of(
            3,
            Combinators.combine(Arbitraries.of(1.0, 0.5, 1 / 64.0, 65 / 64.0), near)
                .as(Time::new)),
        Tuple.of(2, Arbitraries.doubles().between(1, 1.1).map(n -> new Time(n, 2 * SECOND))),
        Tuple.of(1, Arbitraries.doubles().between(-2, 0).map(n -> new Time(n, 0))),
        Tuple.of(1, Arbitraries.doubles().between(2, 20).map(n -> new Time(n, 0))));
  }

  private static Arbitrary<Call> calls() {
    Arbitrary<Long> keys = Arbitraries.longs().between(1, KEYS);
    Arbitrary<String> names = Arbitraries.of("a", "b", "c");
    return Arbitraries.frequencyOf(
        Tuple.of(4, keys.map(Lookup::new)),
        Tuple.of(2, keys.map(Peek::new)),
        Tuple.of(1, keys.map(WantsHash::new)),
        Tuple.of(1, Combinators.combine(keys, names).as(Unbind::new)),
        Tuple.of(
            6,
            Combinators.combine(keys, names.injectNull(0.6), names, Arbitraries.of(true, false))
                .as(Bind::new)));
  }

  /** A part of the duration and some nanoseconds. */
  record Time(double durations, long more) {
    long nanos(long duration) {
      return (long) (durations * duration) + more;
    }
  }

  record Step(Time time, Call call) {}

  interface Call {
    void run(StickyTable table, StickyTableModel model);
  }

  record Lookup(long key) implements Call {
    @Override
    public void run(StickyTable table, StickyTableModel model) {
      model.looksUp(key, table.lookup(key));
    }
  }

  record Peek(long key) implements Call {
    @Override
    public void run(StickyTable table, StickyTableModel model) {
      model.found(key, table.peek(key));
    }
  }

  record WantsHash(long key) implements Call {
    @Override
    public void run(StickyTable table, StickyTableModel model) {
      model.wantsHash(table.wantsHash(key));
    }
  }

  record Unbind(long key, String expected) implements Call {
    @Override
    public void run(StickyTable table, StickyTableModel model) {
      model.unbinds(key, expected, table.unbind(key, expected));
    }
  }

  record Bind(long key, @Nullable String expected, String candidate, boolean byHash)
      implements Call {
    @Override
    public void run(StickyTable table, StickyTableModel model) {
      model.binds(key, expected, candidate, byHash, table.bind(key, expected, candidate, byHash));
    }
  }
}
