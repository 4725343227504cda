package dev.limpet.shared;

import static dev.limpet.shared.Fleet.SLIDING;
import static dev.limpet.shared.Fleet.T;
import static dev.limpet.shared.Fleet.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Bound;
import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What the store could not be told of, it is told when it answers again, though nobody uses the
 * session.
 */
class UntoldSessionsTest {
  private static final Duration SOON = Duration.ofSeconds(5);

  private final Fleet fleet = new Fleet(2, "a", "b", "c");
  private final Fleet.Proxy left = fleet.proxy(0);
  private final Fleet.Proxy right = fleet.proxy(1);

  /** By its own choice, the right proxy would serve nearly all elsewhere. */
  UntoldSessionsTest() {
    right.pool.change(edit -> edit.add(Backend.of("z", "10.0.0.9", 9).withWeight(256)));
  }

  @Test
  void sessionsThatBeganDuringAPause_areFoundByOthers() {
    left.link.cut();
    Map<Long, String> served = new HashMap<>();
    LongStream.range(0, 500).forEach(session -> served.put(session, left.backend(session)));
    assertThat(left.router.stats().count(Reason.STORE_UNAVAILABLE)).isEqualTo(500);

    left.link.healSilently();
    fleet.time.pass(SOON);

    served.forEach(
        (session, backend) -> assertThat(right.route(session)).hasToString("KEPT " + backend));
    assertThat(left.link.untold()).isZero();
  }

  @Test
  void sessionsThatWereLearnedDuringAPause_areFoundByOthers() {
    left.link.cut();
    LongStream.range(1, 501).forEach(key -> left.table.bind(key, null, "b", true));

    left.link.healSilently();
    fleet.time.pass(SOON);

    LongStream.range(1, 501)
        .forEach(key -> assertThat(fleet.store.get(key)).isEqualTo(SharedBinding.first("b", 0)));
  }

  @Test
  void answerOfAnotherCall_isEnough() {
    left.link.cut();
    LongStream.range(0, 500).forEach(left::route);
    left.link.healSilently();
    fleet.time.pass(Duration.ofMillis(99));
    assertThat(fleet.store.size()).isZero();

    left.route(500);

    assertThat(fleet.store.size()).isEqualTo(501);
  }

  @Test
  void sessionsThatMovedDuringAPause_areFoundWhereTheyAre() {
    String old = left.backend(1);
    right.route(1);
    left.link.cut();
    left.pool.change(edit -> edit.down(old));
    String moved = left.backend(1);
    assertThat(moved).isNotEqualTo(old);

    left.link.healSilently();
    fleet.time.pass(SOON);

    assertThat(right.route(1)).hasToString("KEPT " + moved);
  }

  @Test
  void sessionsThatEndedDuringAPause_areForgottenByOthers() {
    left.route(1);
    right.route(1);
    left.link.cut();
    assertThat(left.router.unbind(1L)).isTrue();

    left.link.healSilently();
    fleet.time.pass(SOON);

    assertThat(fleet.store.get(key(1))).isNull();
    assertThat(right.route(1).outcome()).isEqualTo(Outcome.NEW);
  }

  @Test
  void sessionThatEndedAndBeganAgainDuringAPause_isTheNewOne() {
    left.table.bind(7, null, "a", true);
    left.link.cut();
    left.table.unbind(7, "a");
    left.table.bind(7, null, "b", true);

    left.link.healSilently();
    fleet.time.pass(SOON);

    assertThat(fleet.store.get(7)).isEqualTo(SharedBinding.first("b", 0));
  }

  @Test
  void sessionThatBeginsAgainAfterAPause_isNotEndedByWhatIsToldLate() {
    left.table.bind(7, null, "a", true);
    left.link.cut();
    left.table.unbind(7, "a");
    left.link.healSilently();

    assertThat(left.table.bind(7, null, "b", true)).isEqualTo(Bound.stored("b"));
    fleet.time.pass(SOON);

    assertThat(fleet.store.get(7)).isEqualTo(SharedBinding.first("b", 0));
    assertThat(left.table.peek(7)).isEqualTo("b");
  }

  @Test
  void bindingOfAnotherProxy_holds() {
    left.link.cut();
    left.route(1);
    String rights = right.backend(1);

    left.link.healSilently();
    fleet.time.pass(SOON);

    assertThat(fleet.store.get(key(1))).isEqualTo(SharedBinding.first(rights, 0));
    assertThat(left.backend(1)).isEqualTo(right.backend(1));
  }

  @Test
  void sessionThatAnotherProxyEndedSince_staysEnded() {
    left.link.cut();
    left.route(1);
    right.route(1);
    left.link.healSilently();

    right.router.unbind(1L);
    fleet.time.pass(SOON);

    assertThat(fleet.store.get(key(1))).isNull();
  }

  @Test
  void sessionThatElapsedDuringAPause_isNotTold() {
    left.link.cut();
    left.route(1);
    left.table.bind(7, null, "a", true);
    fleet.time.pass(T.plusMillis(1).plus(T.dividedBy(32)));

    left.link.healSilently();
    fleet.time.pass(SOON);

    assertThat(fleet.store.size()).isZero();
  }

  @Test
  void sessionThatIsToldLate_elapsesAsIfItHadBeenToldAtItsUse() {
    left.link.cut();
    left.route(1);
    left.table.bind(7, null, "a", true);
    fleet.time.pass(T.dividedBy(2));
    left.link.healSilently();
    fleet.time.pass(SOON);
    assertThat(fleet.store.get(key(1))).isNotNull();
    assertThat(fleet.store.get(7)).isNotNull();

    fleet.time.pass(T.dividedBy(2).plus(T.dividedBy(3)).minus(SOON).minusMillis(2));
    assertThat(fleet.store.get(key(1))).isNotNull();
    assertThat(fleet.store.get(7)).isNotNull();
    fleet.time.pass(Duration.ofMillis(10));

    assertThat(fleet.store.get(key(1))).isNull();
    assertThat(fleet.store.get(7)).isNull();
  }

  @Test
  void moreThanAreRemembered_areCounted_andToldByTheirNextUse() {
    Fleet small = new Fleet(2, SLIDING, 100, "a", "b", "c");
    Fleet.Proxy proxy = small.proxy(0);
    proxy.link.cut();
    LongStream.range(0, 150).forEach(proxy::route);
    assertThat(proxy.link.untold()).isEqualTo(50);

    proxy.link.healSilently();
    small.time.pass(SOON);

    assertThat(small.store.size()).isEqualTo(100);
    LongStream.range(0, 150).forEach(proxy::route);
    assertThat(small.store.size()).isEqualTo(150);
  }

  @Test
  void atMost256AreToldAtATime() {
    left.link.cut();
    LongStream.range(0, 2_000).forEach(left::route);
    left.link.healSilently();
    left.link.delay(() -> Duration.ofMillis(5));
    long before = left.link.calls();
    long told = 0;

    for (int round = 0; fleet.store.size() < 2_000; round++) {
      assertThat(round).isLessThan(1_000);
      fleet.time.pass(Duration.ofMillis(10));
      assertThat(left.link.calls() - before - told).isLessThanOrEqualTo(2L * Teller.MAX_TELLING);
      told = left.link.calls() - before;
    }
    assertThat(told).isEqualTo(2_000);
  }

  @Test
  void storeThatStaysAway_isAskedEverMoreSeldom_andNothingIsLost() {
    left.link.lose(() -> true);
    left.router.routeAsync(1L);
    long before = left.link.asked();
    fleet.time.pass(Duration.ofMinutes(5));
    assertThat(left.link.asked() - before).isBetween(50L, 100L);

    left.link.lose(() -> false);
    fleet.time.pass(SOON.plusSeconds(1));

    assertThat(fleet.store.get(key(1))).isNotNull();
  }

  @Test
  void storeWithoutTimers_isToldByItsAnswersToOtherCalls() {
    left.link.stopTimers();
    left.link.cut();
    LongStream.range(0, 500).forEach(left::route);
    left.link.healSilently();
    fleet.time.pass(SOON);
    assertThat(fleet.store.size()).isZero();

    left.route(500);

    assertThat(fleet.store.size()).isEqualTo(501);
  }
}
