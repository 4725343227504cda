package dev.limpet.shared;

import static dev.limpet.shared.Fleet.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Bound;
import dev.limpet.core.StickySession;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What {@link SharedTable#renew} does to a session that has an open route. */
class SharedTableRenewTest {
  private static final long KEY = Fleet.key(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final Fleet fleet = new Fleet(2, "a", "b", "c");
  private final Fleet.Proxy left = fleet.proxy(0);
  private final Fleet.Proxy right = fleet.proxy(1);

  @Test
  void isShared_andNoAgeMatters_asTheStoreKnowsTheEndOfEachSession() {
    Fleet limited =
        new Fleet(1, Fleet.SLIDING.withMaxDuration(T.multipliedBy(2)), 1_000, "a", "b", "c");
    limited.proxy(0).table.bind(KEY, null, "a", true);

    assertThat(left.table.isShared()).isTrue();
    assertThat(limited.proxy(0).table.age(KEY)).isNull();
  }

  @Test
  void knownSession_isUsedHere() {
    left.table.bind(KEY, null, "a", true);
    fleet.time.pass(T.minus(SECOND));

    assertThat(left.table.renew(KEY, "a", null)).isEqualTo(Bound.held("a"));
    fleet.time.pass(T.minus(SECOND));

    assertThat(left.table.peek(KEY)).isEqualTo("a");
  }

  @Test
  void knownSession_isRenewedInTheStoreAfterAQuarter() {
    left.table.bind(KEY, null, "a", true);
    long calls = left.link.calls();

    left.table.renew(KEY, "a", null);
    assertThat(left.link.calls()).isEqualTo(calls);
    fleet.time.pass(T.dividedBy(4).plus(T.dividedBy(32)));
    left.table.renew(KEY, "a", null);
    assertThat(left.link.calls()).isEqualTo(calls + 1);
    fleet.time.pass(T);

    assertThat(right.table.findAsync(KEY)).isCompletedWithValue(Bound.held("a"));
  }

  @Test
  void knownSessionOfAnotherBackend_staysThere() {
    left.table.bind(KEY, null, "b", true);

    assertThat(left.table.renew(KEY, "a", null)).isEqualTo(Bound.held("b"));
    assertThat(fleet.store.get(KEY).name()).isEqualTo("b");
  }

  @Test
  void sessionThatOnlyTheStoreKnows_isRenewedThereAndKnownFromThenOn() {
    right.table.bind(KEY, null, "b", true);
    fleet.time.pass(T.minus(SECOND));

    assertThat(left.table.renew(KEY, "a", null)).isEqualTo(Bound.ABSENT);
    fleet.time.pass(T.minus(SECOND));

    assertThat(left.table.renew(KEY, "a", null)).isEqualTo(Bound.held("b"));
    assertThat(fleet.store.get(KEY).name()).isEqualTo("b");
  }

  @Test
  void unknownSession_isNotBound() {
    assertThat(left.table.renew(KEY, "a", null)).isEqualTo(Bound.ABSENT);
    assertThat(left.table.renew(KEY, "a", Duration.ZERO)).isEqualTo(Bound.ABSENT);

    assertThat(left.table.peek(KEY)).isNull();
    assertThat(fleet.store.size()).isZero();
  }

  @Test
  void sessionThatExpiredEverywhere_isNotBoundAgain() {
    left.table.bind(KEY, null, "a", true);
    fleet.time.pass(T.multipliedBy(2));

    assertThat(left.table.renew(KEY, "a", null)).isEqualTo(Bound.ABSENT);
    assertThat(fleet.store.get(KEY)).isNull();
  }

  @Test
  void withoutTheStore_aKnownSessionIsHeldAndReportedLater() {
    left.table.bind(KEY, null, "a", true);
    left.link.cut();
    fleet.time.pass(T.minus(SECOND));
    assertThat(left.table.renew(KEY, "a", null)).isEqualTo(Bound.held("a"));
    fleet.time.pass(T.dividedBy(2));

    left.link.heal();
    fleet.time.pass(SECOND);

    assertThat(right.table.findAsync(KEY)).isCompletedWithValue(Bound.held("a"));
  }

  @Test
  void withoutTheStore_anUnknownSessionIsAbsent() {
    left.link.cut();

    assertThat(left.table.renew(KEY, "a", null)).isEqualTo(Bound.ABSENT);
    left.link.heal();
    fleet.time.pass(SECOND);

    assertThat(fleet.store.size()).isZero();
  }

  @Test
  void absoluteSession_isHeldButLivesNoLonger() {
    Fleet absolute =
        new Fleet(2, Fleet.SLIDING.withMode(StickySession.Mode.ABSOLUTE), 1_000, "a", "b", "c");
    absolute.proxy(0).table.bind(KEY, null, "a", true);
    absolute.time.pass(T.dividedBy(2));
    assertThat(absolute.proxy(0).table.renew(KEY, "a", null)).isEqualTo(Bound.held("a"));

    absolute.time.pass(T.dividedBy(2).plus(T.dividedBy(16)));

    assertThat(absolute.proxy(0).table.renew(KEY, "a", null)).isEqualTo(Bound.ABSENT);
    assertThat(absolute.proxy(1).table.findAsync(KEY)).isCompletedWithValue(Bound.ABSENT);
  }
}
