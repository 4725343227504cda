package dev.limpet.core;

import static dev.limpet.core.OpenSessions.ALICE;
import static dev.limpet.core.OpenSessions.BOB;
import static dev.limpet.core.OpenSessions.LONG;
import static dev.limpet.core.OpenSessions.SLIDING;
import static dev.limpet.core.OpenSessions.T;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.TableKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions that have an open route. */
class OpenSessionTest {
  private static final Duration LATE = T.dividedBy(32).plusSeconds(2);

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void anOpenRoute_keepsItsSession(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind);
    Route open = scene.router.route(ALICE);
    scene.drain(open);

    scene.pass(LONG);
    assertThat(scene.bound(ALICE)).isNull();
    assertThat(scene.router.peek(ALICE)).hasToString(id(open));
    assertThat(scene.bound(ALICE)).as("peek binds nothing").isNull();
    assertThat(scene.visit(ALICE)).hasToString("KEPT " + id(open));
    scene.pass(LONG);
    try (Route again = scene.routeAsync(ALICE)) {
      assertThat(again).hasToString("KEPT " + id(open));
    }
    open.close();
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void anOpenRouteThatWasKept_keepsItsSessionAsOneThatBeganIt(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind);
    Route first = scene.visit(ALICE);
    Route open = scene.router.route(ALICE);
    scene.drain(first);

    for (int use = 0; use < 5; use++) {
      scene.pass(LONG);
      assertThat(scene.visit(ALICE)).hasToString("KEPT " + id(first));
    }
    open.close();
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void anOpenRouteToWhichASessionMoved_keepsIt(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind);
    Route first = scene.visit(ALICE);
    scene.pool.change(edit -> edit.down(id(first)));
    Route moved = scene.router.route(ALICE);
    assertThat(moved.outcome()).isEqualTo(Outcome.MOVED);
    scene.drain(moved);
    scene.pool.change(edit -> edit.up(id(first)));

    scene.pass(LONG);

    assertThat(scene.visit(ALICE)).hasToString("KEPT " + id(moved));
    moved.close();
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void aReroute_keepsTheSessionWhereItLed(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind);
    Route failed = scene.router.route(ALICE);
    Route open = scene.router.reroute(ALICE, failed);
    scene.drain(open);

    scene.pass(LONG);

    assertThat(scene.visit(ALICE)).hasToString("KEPT " + id(open));
    open.close();
    assertThat(scene.held()).isZero();
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void aHit_makesItsKeyOnce(TableKind kind) {
    AtomicInteger keys = new AtomicInteger();
    OpenSessions scene = new OpenSessions(kind);
    KeyAffinity<String> counting = KeyAffinity.<String>builder((request, hasher) -> {
          keys.incrementAndGet();
          return hasher.string(request);
        })
        .session(SLIDING)
        .table((declared, unused) -> scene.table)
        .build();
    StickyRouter<String> router = StickyRouter.of(scene.pool, counting);
    router.route(ALICE).close();
    keys.set(0);

    router.route(ALICE).close();

    assertThat(keys).hasValue(1);
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void theDuration_countsFromTheCloseOfTheLastOpenRoute(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind);
    Route first = scene.router.route(ALICE);
    Route second = scene.router.route(ALICE);
    scene.drain(first);
    scene.pass(LONG);
    first.close();
    scene.pass(LONG);
    second.close();

    scene.pass(T.minusNanos(1));
    assertThat(scene.router.peek(ALICE)).hasToString(id(first));
    scene.pass(LATE.plusNanos(1));
    assertThat(scene.router.peek(ALICE)).hasToString("none: UNKNOWN");
    assertThat(scene.visit(ALICE).outcome()).isEqualTo(Outcome.NEW);
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void aSessionWithoutAnOpenRoute_expires(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind);
    Route closed = scene.visit(ALICE);
    Route open = scene.router.route(BOB);
    scene.drain(closed);

    scene.pass(T.plus(LATE));

    assertThat(scene.router.peek(ALICE)).hasToString("none: UNKNOWN");
    assertThat(scene.visit(ALICE).outcome()).isEqualTo(Outcome.NEW);
    open.close();
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void aPoolThatDoesNotCount_keepsNothing(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind);
    StickyRouter<String> router = StickyRouter.of(Routing.pool("a", "b"), scene.affinity);
    Route open = router.route(ALICE);

    scene.pass(LONG);

    assertThat(router.peek(ALICE)).hasToString("none: UNKNOWN");
    assertThat(router.route(ALICE).outcome()).isEqualTo(Outcome.NEW);
    open.close();
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void anAbsoluteDuration_endsASessionThatIsOpen(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind, SLIDING.withMode(Mode.ABSOLUTE), 1_000);
    Route open = scene.router.route(ALICE);
    scene.drain(open);
    scene.pass(T.minusNanos(1));
    assertThat(scene.visit(ALICE)).hasToString("KEPT " + id(open));

    scene.pass(LATE);
    assertThat(scene.router.peek(ALICE)).hasToString("none: UNKNOWN");
    open.close();
    assertThat(scene.bound(ALICE)).isNull();
    assertThat(scene.visit(ALICE).outcome()).isEqualTo(Outcome.NEW);
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void aFullTable_keepsASessionByItsRouteAlone(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind, SLIDING, 1);
    Route open = scene.router.route(ALICE);
    scene.drain(open);
    scene.pass(LONG);
    assertThat(scene.visit(BOB).outcome()).isEqualTo(Outcome.NEW);

    assertThat(scene.router.peek(ALICE)).hasToString(id(open));
    Route second = scene.router.route(ALICE);
    assertThat(second).hasToString("KEPT " + id(open));
    assertThat(scene.bound(ALICE)).isNull();
    open.close();
    assertThat(scene.visit(ALICE)).as("by the second").hasToString("KEPT " + id(open));
    second.close();
    assertThat(scene.visit(ALICE).outcome()).isEqualTo(Outcome.HASHED);
    assertThat(scene.visit(BOB).outcome()).isEqualTo(Outcome.KEPT);
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void unbind_endsTheKeeping(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind);
    Route open = scene.router.route(ALICE);
    scene.drain(open);

    assertThat(scene.router.unbind(ALICE)).isTrue();

    assertThat(scene.router.peek(ALICE)).hasToString("none: UNKNOWN");
    Route next = scene.visit(ALICE);
    assertThat(next.outcome()).isEqualTo(Outcome.NEW);
    assertThat(id(next)).isNotEqualTo(id(open));
    scene.router.unbind(ALICE);
    open.close();
    assertThat(scene.bound(ALICE)).as("the close binds nothing").isNull();
    assertThat(scene.connections()).isZero();
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void unbind_ofASessionThatItsRouteAloneKeeps_isTrueOnce(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind);
    Route open = scene.router.route(ALICE);
    scene.pass(LONG);

    assertThat(scene.router.unbind(ALICE)).isTrue();
    assertThat(scene.router.unbind(ALICE)).isFalse();

    assertThat(scene.router.peek(ALICE)).hasToString("none: UNKNOWN");
    open.close();
    assertThat(scene.bound(ALICE)).isNull();
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void unbind_endsTheKeepingOfARouteThatIsMadeMeanwhile(TableKind kind) {
    List<Runnable> meanwhile = new ArrayList<>();
    OpenSessions scene = new OpenSessions(kind, SLIDING, 10, table -> new ForwardingTable(table) {
      @Override
      public boolean unbind(long key, String expected) {
        meanwhile.forEach(Runnable::run);
        return super.unbind(key, expected);
      }
    });
    scene.visit(ALICE);
    List<Route> made = new ArrayList<>();
    meanwhile.add(() -> made.add(scene.router.route(ALICE)));

    assertThat(scene.router.unbind(ALICE)).isTrue();
    made.forEach(Route::close);

    assertThat(made).hasSize(1);
    assertThat(scene.bound(ALICE)).isNull();
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void unbind_leavesOtherSessionsTheirRoutes(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind);
    Route mine = scene.router.route(ALICE);
    Route other = scene.router.route(BOB);
    scene.router.unbind(ALICE);

    scene.pass(LONG);

    assertThat(scene.visit(BOB)).hasToString("KEPT " + id(other));
    mine.close();
    other.close();
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void aSessionThatMoved_isKeptByItsNewRoutesOnly(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind);
    Route old = scene.router.route(ALICE);
    scene.pool.change(edit -> edit.down(id(old)));
    Route moved = scene.visit(ALICE);
    assertThat(moved.outcome()).isEqualTo(Outcome.MOVED);
    scene.pool.change(edit -> edit.up(id(old)));

    scene.pass(T.dividedBy(2));
    assertThat(scene.visit(ALICE)).hasToString("KEPT " + id(moved));
    scene.pass(LONG);
    assertThat(scene.router.peek(ALICE)).hasToString("none: UNKNOWN");
    old.close();
    assertThat(scene.bound(ALICE)).as("the old close binds nothing").isNull();
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void aDraining_backend_keepsItsOpenSessionsAndTakesNoOthers(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind);
    Route open = scene.router.route(ALICE);
    var drained = scene.router.drain(id(open), Duration.ofDays(1)).toCompletableFuture();
    scene.pass(LONG);
    scene.router.advanceDrains();
    assertThat(drained).isNotDone();

    assertThat(scene.visit(ALICE)).hasToString("KEPT " + id(open));
    open.close();
    scene.router.advanceDrains();
    assertThat(drained).isNotDone();
    scene.pass(LONG);
    scene.router.advanceDrains();
    assertThat(drained.join().result()).isEqualTo(Drained.Result.DRAINED);
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void aBackendThatIsDown_losesItsOpenSessionsAsOthers(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind);
    Route open = scene.router.route(ALICE);
    scene.pass(LONG);
    scene.pool.change(edit -> edit.down(id(open)));

    try (Route moved = scene.router.route(ALICE)) {
      assertThat(moved.outcome()).isEqualTo(Outcome.MOVED);
      assertThat(moved.reason()).isEqualTo(Reason.BACKEND_DOWN);
    }
    open.close();
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void aBackendThatIsGone_losesItsOpenSessionsAsOthers(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind);
    Route open = scene.router.route(ALICE);
    scene.pass(LONG);
    scene.pool.change(edit -> edit.remove(id(open)));

    assertThat(scene.router.peek(ALICE)).hasToString("none: BACKEND_GONE");
    try (Route moved = scene.router.route(ALICE)) {
      assertThat(moved.outcome()).isEqualTo(Outcome.MOVED);
      assertThat(moved.reason()).isEqualTo(Reason.BACKEND_GONE);
    }
    open.close();
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void routesThatKeepNoSession_keepNone(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind, SLIDING, 1);
    Route bound = scene.visit(BOB);
    Route hashed = scene.router.route(ALICE);
    Route ignored = scene.router.routeUnbound(BOB);
    assertThat(bound.outcome()).isEqualTo(Outcome.NEW);
    assertThat(hashed.outcome()).isEqualTo(Outcome.HASHED);

    scene.pass(LONG);

    assertThat(scene.router.peek(BOB).name()).isNull();
    assertThat(scene.router.peek(ALICE).name()).isNull();
    hashed.close();
    ignored.close();
    assertThat(scene.router.peek(BOB).name()).isNull();
    assertThat(scene.router.peek(ALICE).name()).isNull();
    assertThat(scene.held()).isZero();
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void routersThatShareAnAffinity_shareTheKeeping(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind);
    StickyRouter<String> other = StickyRouter.of(scene.pool, scene.affinity);
    Route open = scene.router.route(ALICE);
    scene.drain(open);

    scene.pass(LONG);

    assertThat(other.peek(ALICE)).hasToString(id(open));
    try (Route kept = other.route(ALICE)) {
      assertThat(kept).hasToString("KEPT " + id(open));
    }
    assertThat(other.unbind(ALICE)).isTrue();
    assertThat(scene.router.peek(ALICE).name()).isNull();
    open.close();
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void routersWithTablesOfTheirOwn_doNotShareTheKeeping(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind);
    KeyAffinity<String> own = scene.affinity(SLIDING, kind.of(SLIDING, 10, scene.clock));
    StickyRouter<String> other =
        StickyRouter.<String>builder(scene.pool, own).profile(Profile.CLASSIC).build();
    Route open = scene.router.route(ALICE);
    other.route(ALICE).close();

    scene.pass(LONG);

    assertThat(other.peek(ALICE)).hasToString("none: UNKNOWN");
    assertThat(other.unbind(ALICE)).isFalse();
    assertThat(scene.router.peek(ALICE)).hasToString(id(open));
    open.close();
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void aRouteThatBeganASession_keepsIt(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind);
    StickyTable begun = kind.of(SLIDING, 10, scene.clock);
    StickyRouter<String> other = StickyRouter.of(scene.pool, scene.affinity(SLIDING, begun));
    Route open = scene.router.routeUnbound(ALICE);
    begun.bind(key(BOB), null, id(open), true);
    open.keep(begun, key(BOB));

    scene.pass(LONG);
    assertThat(other.peek(BOB)).hasToString(id(open));
    open.close();
    scene.pass(T.minusNanos(1));
    assertThat(begun.peek(key(BOB))).as("from the close").isEqualTo(id(open));
    open.keep(begun, key(BOB));
    assertThat(scene.held()).as("a closed route keeps nothing").isZero();
    assertThat(scene.connections()).isZero();
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void letGo_endsTheKeepingOfEveryRouteOfTheSession(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind);
    Route first = scene.router.route(ALICE);
    Route second = scene.router.route(ALICE);
    first.letGo();

    scene.pass(LONG);

    assertThat(scene.router.peek(ALICE)).hasToString("none: UNKNOWN");
    first.close();
    second.close();
    assertThat(scene.bound(ALICE)).isNull();
    assertThat(scene.connections()).isZero();
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void aRouteThatLetItsSessionGo_canKeepTheNextOne(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind);
    Route open = scene.router.route(ALICE);
    open.letGo();
    scene.router.unbind(ALICE);
    scene.table.bind(key(BOB), null, id(open), true);
    open.keep(scene.table, key(BOB));

    scene.pass(LONG);

    assertThat(scene.router.peek(BOB)).hasToString(id(open));
    assertThat(scene.router.peek(ALICE).name()).isNull();
    open.close();
    assertThat(scene.held()).isZero();
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void keepAndLetGo_inAPoolThatDoesNotCount_doNothing(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind);
    Pool pool = Routing.pool("a");
    Route route = StickyRouter.of(pool, scene.affinity).route(ALICE);
    route.keep(scene.table, key(BOB));
    route.letGo();
    assertThat(pool.heldRoutes().size()).isZero();
    assertThat(scene.bound(ALICE)).isEqualTo("a");
  }
}
