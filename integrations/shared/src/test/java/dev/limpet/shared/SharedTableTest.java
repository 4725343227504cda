package dev.limpet.shared;

import static dev.limpet.shared.Fleet.SLIDING;
import static dev.limpet.shared.Fleet.T;
import static dev.limpet.shared.Fleet.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Bound;
import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.StickySession.Mode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a fleet promises while its store answers. */
class SharedTableTest {
  private static final Duration QUARTER = T.dividedBy(4);
  private static final Duration TICK = T.dividedBy(64);

  private final Fleet fleet = new Fleet(2, "a", "b", "c");
  private final Fleet.Proxy left = fleet.proxy(0);
  private final Fleet.Proxy right = fleet.proxy(1);

  @Test
  void aSessionIsNewAtOneProxyAndKeptAtEveryOther() {
    var first = left.route(1);
    var second = right.route(1);

    assertThat(first.outcome()).isEqualTo(Outcome.NEW);
    assertThat(second).hasToString("KEPT " + first.backend().id());
  }

  @Test
  void bindings_areCountedByName_alsoOfSessionsThatMoved() {
    String first = left.backend(1);
    String second = left.backend(2);
    assertThat(left.table.bindings()).isEqualTo(counts(first, second));

    left.pool.change(edit -> edit.down(first));
    String moved = left.backend(1);

    String stays = first.equals(second) ? left.backend(2) : second;
    assertThat(left.table.bindings()).isEqualTo(counts(moved, stays));
    assertThat(left.table.bindings(moved)).hasValue(counts(moved, stays).get(moved));
  }

  private static Map<String, Long> counts(String... names) {
    return Stream.of(names)
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }

  @Test
  void aSessionThatIsKnown_asksNobody() {
    left.route(1);
    long calls = left.link.calls();

    for (int i = 0; i < 1_000; i++) {
      left.route(1);
    }

    assertThat(left.link.calls()).isEqualTo(calls);
  }

  @Test
  void aSessionInConstantUse_isRenewedAtMostOnceAQuarterOfItsDuration() {
    left.route(1);
    long calls = left.link.calls();

    for (Duration used = Duration.ZERO; used.compareTo(T) < 0; used = used.plusSeconds(1)) {
      fleet.time.pass(Duration.ofSeconds(1));
      left.route(1);
    }

    assertThat(left.link.calls() - calls).isBetween(3L, 4L);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aSessionLivesForItsDurationAfterItsLastUseAtAnyProxy(long seed) {
    Random random = new Random(seed);
    Fleet many = new Fleet(4, "a", "b", "c", "d", "e");
    String bound = many.proxy(0).backend(seed);
    // By another proxy's hash choice the session would begin elsewhere.
    many.proxies.forEach(proxy -> proxy.pool.change(edit -> edit.drain(bound)));
    for (int use = 0; use < 500; use++) {
      long limit = random.nextBoolean() ? T.toNanos() : QUARTER.toNanos();
      many.time.pass(Duration.ofNanos((long) (random.nextDouble() * limit)));
      assertThat(many.proxy(random.nextInt(4)).backend(seed)).as("use %d", use).isEqualTo(bound);
    }
  }

  @Test
  void aSessionThatIsUsedNowhere_elapsesEverywhere_aThirdLateAtMost() {
    String bound = left.backend(1);
    right.route(1);
    fleet.change(edit -> edit.drain(bound));

    fleet.time.pass(T.plus(T.dividedBy(3)).plusMillis(1));

    assertThat(right.route(1).outcome()).isEqualTo(Outcome.NEW);
    assertThat(left.backend(1)).isNotEqualTo(bound);
  }

  @Test
  void anAbsoluteSession_endsAtItsDuration_howeverLateAProxyMeetsIt() {
    Fleet absolute = new Fleet(3, SLIDING.withMode(Mode.ABSOLUTE), 100, "a", "b", "c");
    String bound = absolute.proxy(0).backend(1);
    absolute.change(edit -> edit.drain(bound));
    absolute.time.pass(T.dividedBy(2));
    assertThat(absolute.proxy(1).backend(1)).isEqualTo(bound);
    absolute.time.pass(T.dividedBy(2).minusMillis(1));
    assertThat(absolute.proxy(2).backend(1)).isEqualTo(bound);

    absolute.time.pass(T.dividedBy(32).plusMillis(3));

    for (Fleet.Proxy proxy : absolute.proxies) {
      assertThat(proxy.table.peek(key(1))).isNull();
    }
    assertThat(absolute.proxy(1).route(1).outcome()).isEqualTo(Outcome.NEW);
  }

  @Test
  void aMaximumDurationEndsASession_howeverLateAProxyMeetsIt() {
    Duration most = T.multipliedBy(3);
    Fleet limited = new Fleet(2, SLIDING.withMaxDuration(most), 100, "a", "b", "c");
    String bound = limited.proxy(0).backend(1);
    limited.change(edit -> edit.drain(bound));
    for (int use = 0; use < 29; use++) {
      limited.time.pass(T.dividedBy(10));
      assertThat(limited.proxy(use / 28).backend(1)).isEqualTo(bound);
    }

    limited.time.pass(T.dividedBy(10).plus(most.dividedBy(32)).plusSeconds(2));

    assertThat(limited.proxy(1).backend(1)).isNotEqualTo(bound);
    assertThat(limited.proxy(0).backend(1)).isNotEqualTo(bound);
  }

  @Test
  void aSessionThatMoved_hasMovedEverywhere() {
    String old = left.backend(1);
    right.route(1);
    fleet.change(edit -> edit.remove(old));

    var moved = left.route(1);

    assertThat(moved.outcome()).isEqualTo(Outcome.MOVED);
    assertThat(right.route(1)).hasToString("KEPT " + moved.backend().id());
    assertThat(fleet.store.get(key(1)))
        .isEqualTo(SharedBinding.of(moved.backend().id(), 2, 0));
  }

  @Test
  void whoDidNotHearOfAMove_learnsOfItWhenItWouldMoveTheSessionItself() {
    Fleet uneven = new Fleet(2, "a", "b", "c", "d", "e");
    String old = uneven.proxy(0).backend(1);
    uneven.proxy(1).route(1);
    uneven.proxy(1).link.deafen();
    uneven.proxy(0).pool.change(edit -> edit.down(old));
    String moved = uneven.proxy(0).backend(1);
    uneven.proxy(1).pool.change(edit -> edit.down(old).drain(moved));

    assertThat(uneven.proxy(1).route(1)).hasToString("KEPT " + moved);
  }

  @Test
  void whoDidNotHearOfAMove_learnsOfItWithinAQuarterOfTheDuration() {
    String old = left.backend(1);
    right.route(1);
    right.link.deafen();
    left.pool.change(edit -> edit.down(old));
    String moved = left.backend(1);
    left.pool.change(edit -> edit.up(old));
    assertThat(right.backend(1)).isEqualTo(old);

    fleet.time.pass(QUARTER.plus(TICK.multipliedBy(2)));
    right.route(1);

    assertThat(right.backend(1)).isEqualTo(moved);
  }

  @Test
  void aSessionThatIsForgotten_isForgottenEverywhere() {
    left.route(1);
    right.route(1);

    assertThat(left.router.unbind(1L)).isTrue();

    assertThat(right.table.peek(key(1))).isNull();
    assertThat(fleet.store.get(key(1))).isNull();
    assertThat(left.router.unbind(1L)).isFalse();
    assertThat(right.route(1).outcome()).isEqualTo(Outcome.NEW);
  }

  @Test
  void sessionsThatHaveNoPlaceAtHand_stickByTheStore() {
    Fleet small = new Fleet(2, SLIDING, 1, "a", "b", "c");
    Map<Long, String> bound = new HashMap<>();
    LongStream.range(0, 100).forEach(i -> bound.put(i, small.proxy(0).backend(i)));
    small.change(edit -> edit.drain("a"));

    bound.forEach((session, backend) -> {
      assertThat(small.proxy(0).route(session)).hasToString("KEPT " + backend);
      assertThat(small.proxy(1).route(session)).hasToString("KEPT " + backend);
    });
    small.change(edit -> edit.remove("a"));
    bound.forEach((session, backend) -> {
      String moved = small.proxy(0).backend(session);
      assertThat(moved.equals(backend)).isEqualTo(!backend.equals("a"));
      assertThat(small.proxy(1).route(session)).hasToString("KEPT " + moved);
    });
  }

  @Test
  void withoutTheStore_aKnownSessionWhoseBackendIsDown_movesHereAndIsToldOfLater() {
    String old = left.backend(1);
    left.link.cut();
    left.pool.change(edit -> edit.down(old));

    var moved = left.route(1);
    assertThat(moved).hasToString("MOVED " + moved.backend().id() + " (BACKEND_DOWN)");
    assertThat(left.route(1)).hasToString("KEPT " + moved.backend().id());
    left.link.heal();
    left.route(1);

    assertThat(fleet.store.get(key(1)))
        .isEqualTo(SharedBinding.of(moved.backend().id(), 2, 0));
  }

  @Test
  void withoutTheStore_aSessionThatIsNotKnownIsNotKept() {
    left.link.cut();
    left.route(1);
    assertThat(left.router.peek(1L).reason()).isEqualTo(Reason.UNKNOWN);
    assertThat(left.route(1).outcome()).isEqualTo(Outcome.HASHED);
    left.link.heal();

    assertThat(left.router.peek(1L).reason()).isEqualTo(Reason.UNKNOWN);
    assertThat(left.route(1).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void aDrainCountsTheSessionsThatThisProxyKnows() {
    LongStream.range(0, 90).forEach(left::route);
    long here = LongStream.range(0, 90).filter(i -> left.backend(i).equals("a")).count();

    assertThat(left.table.bindings("a")).hasValue(here);
    assertThat(right.table.bindings("a")).hasValue(0);
  }

  @Test
  void theTableBindsAndUnbindsAsItsAffinityAsks() {
    SharedTable table = left.table;

    assertThat(table.bind(7, "a", "b", true)).isEqualTo(Bound.ABSENT);
    assertThat(table.bind(7, null, "a", true)).isEqualTo(Bound.stored("a"));
    assertThat(table.bind(7, null, "b", true)).isEqualTo(Bound.held("a"));
    assertThat(table.bind(7, "a", "b", true)).isEqualTo(Bound.stored("b"));
    assertThat(fleet.store.get(7)).isEqualTo(SharedBinding.of("b", 2, 0));
    assertThat(table.unbind(7, "a")).isFalse();
    assertThat(table.unbind(7, "b")).isTrue();
    assertThat(fleet.store.get(7)).isNull();
  }

  @Test
  void whereTheStoreKnowsBetter_itsBindingHoldsFromThenOn() {
    fleet.store.put(7, SharedBinding.first("c", 0));

    assertThat(left.table.bind(7, null, "a", true)).isEqualTo(Bound.stored("a"));

    assertThat(left.table.peek(7)).isEqualTo("c");
  }

  @Test
  void findAsync_bindsNothing_andLookupsFindWhatItFound() {
    SharedTable table = left.table;

    assertThat(table.findAsync(7)).isCompletedWithValue(Bound.ABSENT);
    assertThat(fleet.store.size()).isZero();
    fleet.store.put(7, SharedBinding.first("c", 0));
    assertThat(table.peek(7)).isNull();

    assertThat(table.findAsync(7)).isCompletedWithValue(Bound.held("c"));
    assertThat(table.lookup(7)).isEqualTo("c");
  }

  @Test
  void findAsync_whileTheStoreIsAway_answersWhatIsKnownHere() {
    left.table.bind(7, null, "a", true);
    left.link.cut();

    assertThat(left.table.findAsync(7)).isCompletedWithValue(Bound.held("a"));
    assertThat(left.table.findAsync(8)).isCompletedWithValue(Bound.UNAVAILABLE);
  }
}
