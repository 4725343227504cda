package dev.limpet.core;

import static dev.limpet.core.OpenSessions.ALICE;
import static dev.limpet.core.OpenSessions.BOB;
import static dev.limpet.core.OpenSessions.LONG;
import static dev.limpet.core.OpenSessions.SLIDING;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.table.TableKind;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions that have an open route, and end by their age. */
class OpenSessionAgeTest {
  private static final Duration MAX = Duration.ofHours(8);
  private static final Duration LATE = MAX.dividedBy(32).plusSeconds(2);
  private static final Duration MARGIN = Duration.ofSeconds(1);
  private static final StickySession AGING = SLIDING.withMaxDuration(MAX);

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void theMaximumDuration_endsASessionThatIsOpen(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind, AGING, 1_000);
    Route open = scene.router.route(ALICE);
    scene.drain(open);

    scene.pass(MAX.minusNanos(1));
    assertThat(scene.router.peek(ALICE)).hasToString(id(open));
    assertThat(scene.visit(ALICE)).hasToString("KEPT " + id(open));
    scene.pass(LATE);
    assertThat(scene.router.peek(ALICE)).hasToString("none: UNKNOWN");
    assertThat(scene.visit(ALICE).outcome()).isEqualTo(Outcome.NEW);
    open.close();
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void aSessionThatIsNotUsed_isOverAtItsMaximumToo(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind, AGING, 1_000);
    Route open = scene.router.route(ALICE);
    scene.drain(open);

    scene.pass(MAX.plus(LATE));

    assertThat(scene.router.peek(ALICE)).hasToString("none: UNKNOWN");
    open.close();
    assertThat(scene.bound(ALICE)).as("the close binds nothing").isNull();
    assertThat(scene.visit(ALICE).outcome()).isEqualTo(Outcome.NEW);
  }

  @ParameterizedTest
  @CsvSource({
    "COMPACT, PT1H", "COMPACT, PT2H30M", "COMPACT, PT21M",
    "CAFFEINE, PT1H", "CAFFEINE, PT2H30M", "CAFFEINE, PT21M"
  })
  void manyLongRoutes_neitherLengthenNorShortenASession(TableKind kind, Duration open) {
    AtomicLong now = new AtomicLong();
    OpenSessions scene = ticking(kind, now);
    Route route = scene.router.route(ALICE);
    String home = id(route);
    scene.drain(route);

    Duration end = MAX.plus(LATE).plus(MARGIN);
    for (Duration at = open; at.compareTo(end.multipliedBy(2)) < 0; at = at.plus(open)) {
      now.set(at.toNanos());
      route.close();
      route = scene.router.route(ALICE);
      if (at.compareTo(MAX.minus(MARGIN)) < 0) {
        assertThat(route).as("%s", at).hasToString("KEPT " + home);
      } else if (at.compareTo(end) > 0) {
        assertThat(id(route)).as("%s", at).isNotEqualTo(home);
      }
    }
    route.close();
  }

  /** A scene whose clock goes on by a nanosecond whenever it is read. */
  private static OpenSessions ticking(TableKind kind, AtomicLong now) {
    AtomicLong readings = new AtomicLong();
    return new OpenSessions(kind, AGING, () -> now.get() + readings.getAndIncrement());
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void routesOfASessionThatIsOver_doNotHideThoseOfTheNext(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind, AGING, 1_000);
    Route[] old = new Route[20];
    for (int i = 0; i < old.length; i++) {
      old[i] = scene.router.route(ALICE);
    }
    scene.drain(old[0]);
    scene.pass(MAX.plus(LATE));
    Route next = scene.router.route(ALICE);
    assertThat(next.outcome()).isEqualTo(Outcome.NEW);
    scene.drain(next);

    scene.pass(LONG);

    assertThat(scene.router.peek(ALICE)).hasToString(id(next));
    assertThat(scene.visit(ALICE)).hasToString("KEPT " + id(next));
    for (Route route : old) {
      route.close();
    }
    next.close();
    assertThat(scene.held()).isZero();
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void aSessionThatItsRouteAloneKept_growsNoYounger(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind, AGING, 1);
    Route first = scene.router.route(ALICE);
    scene.drain(first);
    scene.pass(LONG);
    scene.visit(BOB);
    Route second = scene.router.route(ALICE);
    assertThat(second).hasToString("KEPT " + id(first));
    assertThat(scene.bound(ALICE)).as("no slot").isNull();
    first.close();
    scene.router.unbind(BOB);

    scene.pass(MAX.minus(LONG).minusNanos(1));
    assertThat(scene.visit(ALICE)).hasToString("KEPT " + id(first));
    scene.pass(LATE);
    assertThat(scene.visit(ALICE).outcome()).isEqualTo(Outcome.NEW);
    second.close();
  }

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void aSessionThatARouteBegan_endsAtItsMaximum(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind, AGING, 10);
    Route open = scene.router.routeUnbound(ALICE);
    scene.table.bind(key(BOB), null, id(open), true);
    scene.pass(Duration.ofMinutes(10));
    open.keep(scene.table, key(BOB));

    scene.pass(MAX.minus(Duration.ofMinutes(10)).minusNanos(1));
    assertThat(scene.visit(BOB)).hasToString("KEPT " + id(open));
    scene.pass(LATE);
    assertThat(scene.router.peek(BOB)).hasToString("none: UNKNOWN");
    open.close();
  }
}
