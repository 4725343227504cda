package dev.limpet.shared;

import static dev.limpet.shared.OpenSessions.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Drained;
import dev.limpet.core.Drained.Result;
import dev.limpet.core.Outcome;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions of a fleet that have an open route: a connection, a stream or a slow download. */
class OpenSessionsTest {
  private static final StickySession SLIDING = StickySession.custom().withDuration(T);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final long SESSION = 7;

  /** A route that nobody can reach any more would count as closed. */
  private final List<Route> reachable = new ArrayList<>();

  private final OpenSessions fleet = OpenSessions.ofTwo(SLIDING);
  private final OpenSessions.Proxy left = fleet.proxies.get(0);
  private final OpenSessions.Proxy right = fleet.proxies.get(1);

  @ParameterizedTest
  @CsvSource({"0, 1.5", "0, 3", "0, 10", "1, 1.5", "1, 3", "1, 10"})
  void sessionWithAnOpenRoute_isKeptAtEachProxy(int proxy, double durations) {
    String home = open(left);

    fleet.pass(times(durations));

    assertThat(fleet.proxies.get(proxy).ask(SESSION)).isEqualTo("KEPT " + home);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void durationCountsFromTheEndOfTheRoute(int proxy) {
    Route route = left.open(SESSION);
    String home = route.backend().id();
    fleet.pass(times(3).plus(T.dividedBy(7)));

    route.close();
    fleet.pass(T.minus(SECOND));

    assertThat(fleet.proxies.get(proxy).ask(SESSION)).isEqualTo("KEPT " + home);
  }

  @Test
  void sessionEndsAfterItsLastRouteIsClosed() {
    Route route = left.open(SESSION);
    fleet.pass(times(2));

    route.close();
    fleet.pass(times(1.5));

    assertThat(right.ask(SESSION)).startsWith("NEW ");
  }

  @Test
  void ofTwoOpenRoutesAtTwoProxies_theLaterOneCounts() {
    String home = open(left);
    Route other = right.open(SESSION);
    fleet.pass(times(1.5));
    other.close();

    fleet.pass(times(1.5));

    assertThat(right.ask(SESSION)).isEqualTo("KEPT " + home);
  }

  @Test
  void absoluteSessionEnds_thoughARouteIsOpen() {
    OpenSessions absolute = OpenSessions.ofTwo(SLIDING.withMode(StickySession.Mode.ABSOLUTE));
    Route open = absolute.proxies.get(0).open(SESSION);

    absolute.pass(times(1.1));

    assertThat(absolute.proxies.get(1).ask(SESSION)).startsWith("NEW ");
    open.close();
  }

  @Test
  void maxDurationEndsASession_thoughARouteIsOpen() {
    OpenSessions limited = OpenSessions.ofTwo(SLIDING.withMaxDuration(T.multipliedBy(2)));
    Route open = limited.proxies.get(0).open(SESSION);
    String home = open.backend().id();

    limited.pass(times(1.9));
    assertThat(limited.proxies.get(1).ask(SESSION)).isEqualTo("KEPT " + home);
    limited.pass(times(0.2));
    assertThat(limited.proxies.get(1).ask(SESSION)).startsWith("NEW ");
    open.close();
  }

  @Test
  void maxDurationEndsASession_andTheCloseOfItsRouteDoesNotBringItBack() {
    OpenSessions limited = OpenSessions.ofTwo(SLIDING.withMaxDuration(T.multipliedBy(2)));
    Route open = limited.proxies.get(0).open(SESSION);
    limited.pass(times(2.1));

    open.close();

    assertThat(limited.store.size()).isZero();
    assertThat(limited.proxies.get(0).ask(SESSION)).startsWith("NEW ");
  }

  @Test
  void sessionThatAnotherProxyEnded_isNotBroughtBack() {
    Route route = left.open(SESSION);
    right.ask(SESSION);

    assertThat(right.router.unbind(SESSION)).isTrue();
    fleet.pass(times(0.6));
    assertThat(fleet.store.get(key())).isNull();
    assertThat(left.router.peek(SESSION).name()).as("not by its open route").isNull();
    route.close();

    assertThat(fleet.store.get(key())).isNull();
    assertThat(left.router.peek(SESSION).name()).isNull();
  }

  @Test
  void sessionThatAnotherProxyMoved_staysWhereItIsNow() {
    Route route = left.open(SESSION);
    String old = route.backend().id();
    right.ask(SESSION);
    right.pool.change(edit -> edit.down(old));
    String moved = backend(right);
    right.pool.change(edit -> edit.up(old));

    fleet.pass(times(3));
    assertThat(fleet.store.get(key()).name()).startsWith(moved);
    route.close();

    assertThat(moved).isNotEqualTo(old);
    assertThat(left.ask(SESSION)).isEqualTo("KEPT " + moved);
    assertThat(right.ask(SESSION)).isEqualTo("KEPT " + moved);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.2, 1, 3})
  void whileTheProxyCannotReachTheStore_itsOpenSessionsAreKept(double outage) {
    String home = open(left);
    fleet.pass(times(0.3));

    left.link.cut();
    fleet.pass(times(outage));
    left.link.heal();
    fleet.pass(times(0.3));

    assertThat(right.ask(SESSION)).isEqualTo("KEPT " + home);
  }

  @Test
  void sessionWhoseRouteIsClosedWhileTheStoreIsAway_isInTheStoreAfterwards() {
    Route route = left.open(SESSION);
    fleet.pass(times(0.5));
    left.link.cut();
    fleet.pass(times(1.5));
    route.close();
    fleet.pass(times(0.5));

    left.link.heal();
    fleet.pass(times(0.1));

    assertThat(right.ask(SESSION)).isEqualTo("KEPT " + route.backend().id());
  }

  @Test
  void storeThatLosesEverything_hasTheOpenSessionAgain() {
    String home = open(left);
    fleet.pass(times(0.4));

    fleet.store.flush();
    fleet.pass(times(0.5));

    assertThat(right.ask(SESSION)).isEqualTo("KEPT " + home);
  }

  @Test
  void proxyWithoutASlot_renewsTheSessionInTheStore() {
    OpenSessions small = new OpenSessions(SLIDING, 2, 1, new Random(1));
    OpenSessions.Proxy proxy = small.proxies.get(0);
    Route first = proxy.open(1);
    Route second = proxy.open(2);

    small.pass(times(3));

    for (OpenSessions.Proxy each : small.proxies) {
      assertThat(each.ask(1)).isEqualTo("KEPT " + first.backend().id());
      assertThat(each.ask(2)).isEqualTo("KEPT " + second.backend().id());
    }
  }

  @Test
  void drainWithAnOpenRoute_endsAtItsDeadlineAndSaysWhatIsOpen() {
    String home = open(left);
    CompletableFuture<Drained> drain =
        left.router.drain(home, T.multipliedBy(3)).toCompletableFuture();

    fleet.pass(times(2.9));
    left.router.advanceDrains();
    assertThat(drain).isNotDone();
    fleet.pass(times(0.2));
    left.router.advanceDrains();

    assertThat(drain).isCompleted();
    assertThat(drain.join().result()).isEqualTo(Result.DEADLINE_PASSED);
    assertThat(drain.join().connections()).isEqualTo(1);
    assertThat(drain.join().remaining().bindings()).hasValue(1);
  }

  /** Many sessions, of which some have an open route, while others expire and take their slots. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void amongManySessions_noOpenOneIsEverServedElsewhere(long seed) {
    assertThat(elsewhere(seed)).isZero();
  }

  static int elsewhere(long seed) {
    Random random = new Random(seed);
    OpenSessions many = new OpenSessions(SLIDING, 2, 400, random);
    Map<Long, Route> open = new HashMap<>();
    int elsewhere = 0;
    for (int round = 0; round < 200; round++) {
      long opened = 1_000L + round;
      open.put(opened, proxy(many, random).open(opened));
      for (int i = 0; i < 30; i++) {
        proxy(many, random).ask(random.nextInt(900)); // these come and expire
      }
      if (round >= 30) {
        long session = 1_000L + round - 30;
        elsewhere += isKept(many, random, session, open.remove(session)) ? 0 : 1;
      }
      many.pass(T.dividedBy(10));
    }
    return elsewhere;
  }

  /** Of the open routes, one in three is asked for while it is open, the others afterwards. */
  private static boolean isKept(OpenSessions many, Random random, long session, Route route) {
    String kept = Outcome.KEPT + " " + route.backend().id();
    if (session % 3 == 0) {
      boolean isKept = proxy(many, random).ask(session).equals(kept);
      route.close();
      return isKept;
    }
    route.close();
    many.pass(T.multipliedBy(9).dividedBy(10));
    return proxy(many, random).ask(session).equals(kept);
  }

  private static OpenSessions.Proxy proxy(OpenSessions many, Random random) {
    return many.proxies.get(random.nextInt(many.proxies.size()));
  }

  private static String backend(OpenSessions.Proxy proxy) {
    try (Route route = proxy.open(SESSION)) {
      return route.backend().id();
    }
  }

  private String open(OpenSessions.Proxy proxy) {
    Route route = proxy.open(SESSION);
    reachable.add(route);
    return route.backend().id();
  }

  private static long key() {
    return Fleet.key(SESSION);
  }

  private static Duration times(double durations) {
    return Duration.ofNanos((long) (durations * T.toNanos()));
  }
}
