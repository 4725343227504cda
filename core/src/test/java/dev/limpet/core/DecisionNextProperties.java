package dev.limpet.core;

import static dev.limpet.core.Outcome.HASHED;
import static dev.limpet.core.Outcome.LENT;
import static dev.limpet.core.Outcome.MOVED;
import static dev.limpet.core.Outcome.NEW;
import static dev.limpet.core.Outcome.NO_BACKEND;
import static dev.limpet.core.Outcome.REFUSED;
import static dev.limpet.core.Picker.Purpose.NO_SESSION;
import static dev.limpet.core.Reason.BACKEND_DOWN;
import static dev.limpet.core.Reason.BACKEND_GONE;
import static dev.limpet.core.Reason.CONNECT_FAILED;
import static dev.limpet.core.Reason.TABLE_FULL;
import static dev.limpet.core.Reason.UNKNOWN;
import static dev.limpet.core.Steps.answer;
import static dev.limpet.core.Steps.bind;
import static dev.limpet.core.Steps.restore;
import static dev.limpet.core.Steps.words;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Scene.Stand;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * What follows from an attempt to bind a session to the backend a, for every change of the pool
 * meanwhile.
 */
class DecisionNextProperties {
  private static final long KEY = 42;

  enum Before {
    NEW_SESSION(NEW, UNKNOWN, null),
    SESSION_OF_B(MOVED, BACKEND_DOWN, "b"),
    SESSION_OF_A_STRANGER(MOVED, BACKEND_GONE, "z");

    final Outcome outcome;
    final Reason reason;
    final @Nullable String found;

    Before(Outcome outcome, Reason reason, @Nullable String found) {
      this.outcome = outcome;
      this.reason = reason;
      this.found = found;
    }

    BindAttempt proposal(PoolSnapshot pool, boolean byHash) {
      Member a = Member.ready(Routing.backend("a"), new Load(), Member.ALWAYS);
      RoutingAttempt session = new RoutingAttempt(0, KEY, KeyExtractor.NONE, null, null, found);
      return new BindAttempt(session, pool, found, a, byHash, outcome, reason);
    }

    String then() {
      return answer(outcome, null, reason);
    }
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void whatIsStoredInAnUnchangedPoolIsTheAnswer(
      @ForAll Before before, @ForAll Failover failover, @ForAll boolean byHash) {
    PoolSnapshot pool = Scene.ALL_UP.snapshot();

    NextStep step = new Decision(List.of(new SessionRules(failover, false)), NO_SESSION)
        .next(before.proposal(pool, byHash), Bound.stored("a"), pool);

    assertThat(words(step)).isEqualTo(answer(before.outcome, "a", before.reason));
    assertThat(((Route) step).found()).isEqualTo(before.found);
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void whatIsStoredWhileThePoolChangesMustTakeNewSessionsOrIsBoundAgain(
      @ForAll Stand a,
      @ForAll Stand b,
      @ForAll Stand c,
      @ForAll Before before,
      @ForAll Failover failover,
      @ForAll boolean byHash) {
    PoolSnapshot now = new Scene(a, b, c).snapshot();
    BindAttempt proposal = before.proposal(Scene.ALL_UP.snapshot(), byHash);

    NextStep step = new Decision(List.of(new SessionRules(failover, false)), NO_SESSION)
        .next(proposal, Bound.stored("a"), now);

    String other = Routing.rendezvous(now, KEY);
    String expected = a.servesNew
        ? answer(before.outcome, "a", before.reason)
        : other.equals("none")
            ? restore("a", before.found, answer(NO_BACKEND, null, before.reason))
            : bind("a", other, true, before.then(), before.found);
    assertThat(words(step)).isEqualTo(expected);
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void theLoserOfARaceGetsWhatTheWinnerBound(
      @ForAll Stand b,
      @ForAll Stand c,
      @ForAll Before before,
      @ForAll Failover failover,
      @ForAll boolean byHash) {
    Assume.that(!"b".equals(before.found));
    PoolSnapshot now = new Scene(Stand.UP, b, c).snapshot();

    NextStep step = new Decision(List.of(new SessionRules(failover, false)), NO_SESSION)
        .next(before.proposal(Scene.ALL_UP.snapshot(), byHash), Bound.held("b"), now);

    String other = Routing.rendezvous(now, KEY);
    String found = (before.found == null) ? "b" : before.found;
    String expected = b.servesBound
        ? "KEPT b"
        : b == Stand.ABSENT
            ? bind("b", other, true, "MOVED (BACKEND_GONE)", found)
            : switch (failover) {
              case MOVE -> bind("b", other, true, "MOVED (BACKEND_DOWN)", found);
              case LEND -> answer(LENT, other, BACKEND_DOWN);
              case STRICT -> answer(REFUSED, null, BACKEND_DOWN);
            };
    assertThat(words(step)).isEqualTo(expected);
    if (b.servesBound) {
      assertThat(step).isSameAs(now.member("b").kept(0));
    }
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void theLoserOfARaceWhoseWinnerIsTriedAlreadyIsDisplaced(
      @ForAll Stand c, @ForAll Failover failover) {
    PoolSnapshot now = new Scene(Stand.UP, Stand.UP, c).snapshot();
    Route failed = Member.ready(Routing.backend("b"), new Load(), Member.ALWAYS).kept(0);
    Member a = Member.ready(Routing.backend("a"), new Load(), Member.ALWAYS);
    BindAttempt proposal = new BindAttempt(
        new RoutingAttempt(0, KEY, KeyExtractor.NONE, failed, CONNECT_FAILED, "b"),
        now,
        "x",
        a,
        true,
        MOVED,
        CONNECT_FAILED);

    NextStep step = new Decision(List.of(new SessionRules(failover, false)), NO_SESSION)
        .next(proposal, Bound.held("b"), now);

    String other = Routing.rendezvous(now, KEY, "b");
    assertThat(words(step))
        .isEqualTo(
            switch (failover) {
              case MOVE -> bind("b", other, true, "MOVED (CONNECT_FAILED)", "b");
              case LEND -> answer(LENT, other, CONNECT_FAILED);
              case STRICT -> answer(REFUSED, null, CONNECT_FAILED);
            });
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void whatIsNotStoredIsServedByHash(
      @ForAll Stand a,
      @ForAll Stand b,
      @ForAll Stand c,
      @ForAll Before before,
      @ForAll Failover failover,
      @ForAll boolean full) {
    PoolSnapshot now = new Scene(a, b, c).snapshot();

    NextStep step = new Decision(List.of(new SessionRules(failover, false)), NO_SESSION)
        .next(
            before.proposal(Scene.ALL_UP.snapshot(), true),
            full ? Bound.FULL : Bound.NOT_KEPT,
            now);

    String other = Routing.rendezvous(now, KEY);
    Reason reason = full ? TABLE_FULL : before.reason;
    assertThat(words(step))
        .isEqualTo(
            other.equals("none")
                ? answer(NO_BACKEND, null, reason)
                : answer(HASHED, other, reason));
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void aTableThatWantsTheHashGetsIt(
      @ForAll Stand a,
      @ForAll Stand b,
      @ForAll Stand c,
      @ForAll Before before,
      @ForAll Failover failover) {
    PoolSnapshot now = new Scene(a, b, c).snapshot();

    NextStep step = new Decision(List.of(new SessionRules(failover, false)), NO_SESSION)
        .next(before.proposal(Scene.ALL_UP.snapshot(), false), Bound.HASH_WANTED, now);

    String other = Routing.rendezvous(now, KEY);
    assertThat(words(step))
        .isEqualTo(
            other.equals("none")
                ? answer(NO_BACKEND, null, before.reason)
                : bind(before.found, other, true, before.then(), before.found));
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void aTableThatWantsTheHashAgainIsTakenAsFull(@ForAll Before before, @ForAll Failover failover) {
    PoolSnapshot now = Scene.ALL_UP.snapshot();

    NextStep step = new Decision(List.of(new SessionRules(failover, false)), NO_SESSION)
        .next(before.proposal(now, true), Bound.HASH_WANTED, now);

    assertThat(words(step)).isEqualTo(answer(HASHED, Routing.rendezvous(now, KEY), TABLE_FULL));
  }

  @Property(generation = GenerationMode.EXHAUSTIVE)
  void aBindingThatHasGoneMeanwhileIsMadeAnewIfThereWasOne(
      @ForAll Before before, @ForAll Failover failover) {
    PoolSnapshot now = Scene.ALL_UP.snapshot();

    NextStep step = new Decision(List.of(new SessionRules(failover, false)), NO_SESSION)
        .next(before.proposal(now, true), Bound.ABSENT, now);

    assertThat(words(step))
        .isEqualTo(
            before.found == null
                ? answer(HASHED, Routing.rendezvous(now, KEY), TABLE_FULL)
                : bind(null, "a", true, before.then(), before.found));
  }
}
