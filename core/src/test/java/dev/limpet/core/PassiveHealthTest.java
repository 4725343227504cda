package dev.limpet.core;

import static dev.limpet.core.FailureKind.CONNECT;
import static dev.limpet.core.FailureKind.RESET_BEFORE_RESPONSE;
import static dev.limpet.core.FailureKind.STATUS;
import static dev.limpet.core.FailureKind.TIMEOUT;
import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How failures of requests eject backends, and how these come back. */
class PassiveHealthTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L); // wraps around
  private final List<String> log = new ArrayList<>();
  private Pool pool = pool(rules(), backend("a"), backend("b"), backend("c"));
  private StickyRouter<String> router = router(Failover.MOVE);

  /** Rules without a random part. */
  private PassiveHealth.Builder rules() {
    return PassiveHealth.builder().random(() -> 0.5).listener(new EjectionListener() {
      @Override
      public void ejected(Backend backend, Ejection ejection) {
        log.add(backend.id() + " " + ejection);
      }

      @Override
      public void readmitted(Backend backend) {
        log.add(backend.id() + " readmitted");
      }
    });
  }

  private Pool pool(PassiveHealth.Builder rules, Backend... backends) {
    return builder(rules, backends).build();
  }

  private PoolBuilder builder(PassiveHealth.Builder rules, Backend... backends) {
    return Pool.builder("pool")
        .environment(Routing.ENVIRONMENT.withClock(nanos::get))
        .passiveHealth(rules.build())
        .backends(List.of(backends));
  }

  private StickyRouter<String> router(Failover failover) {
    return Routing.router(pool, failover);
  }

  private void use(Pool changed, Failover failover) {
    pool = changed;
    router = router(failover);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  /** A route of the backend, by a request without a session. */
  private Route routeTo(String id) {
    for (int i = 0; i < 1_000; i++) {
      Route route = router.routeUnbound("any");
      if (id(route).equals(id)) {
        return route;
      }
    }
    throw new AssertionError("no route to " + id);
  }

  private void fail(String id, int times) {
    fail(id, CONNECT, times);
  }

  private void fail(String id, FailureKind kind, int times) {
    for (int i = 0; i < times; i++) {
      router.failed(routeTo(id), kind);
    }
  }

  private Member.State state(String name) {
    return requireNonNull(pool.snapshot().member(name)).state();
  }

  private @Nullable Ejection ejection(String name) {
    return requireNonNull(pool.snapshot().member(name)).ejection();
  }

  private Duration ejectedFor(String name) {
    return requireNonNull(ejection(name)).remaining();
  }

  /** A session that is bound to the backend. */
  private String sessionOf(String id) {
    for (int i = 0; i < 1_000; i++) {
      if (id(router.route("s" + i)).equals(id)) {
        return "s" + i;
      }
    }
    throw new AssertionError("no session of " + id);
  }

  @Test
  void threeFailuresInARow_ejectTheBackend() {
    fail("a", 2);
    assertThat(state("a")).isEqualTo(Member.State.UP);

    fail("a", 1);

    assertThat(state("a")).isEqualTo(Member.State.EJECTED);
    assertThat(pool.ejectionStats()).isEqualTo(new EjectionStats(1, 0, 0, 0));
    assertThat(log).containsExactly("a for PT1S, number 1 in a row (CONNECT)");
    assertThat(Routing.shares(pool, 100)).doesNotContainKey("a");
  }

  @Test
  void aSuccessBetweenFailures_startsTheCountAgain() {
    fail("a", 2);
    router.succeeded(routeTo("a"));
    fail("a", 2);
    assertThat(state("a")).isEqualTo(Member.State.UP);

    fail("a", 1);

    assertThat(state("a")).isEqualTo(Member.State.EJECTED);
  }

  @Test
  void failuresOfOtherBackends_doNotCount() {
    fail("a", 2);
    fail("b", 2);
    fail("c", 2);

    assertThat(pool.snapshot().members()).allMatch(Member::acceptsNew);
  }

  @Test
  void failuresOlderThanTheWindow_doNotCount() {
    fail("a", 1);
    pass(Duration.ofSeconds(31));
    fail("a", 1);
    pass(Duration.ofSeconds(30));
    fail("a", 1); // the first one is 61 seconds old
    assertThat(state("a")).isEqualTo(Member.State.UP);

    pass(Duration.ofSeconds(1));
    fail("a", 1);

    assertThat(state("a")).isEqualTo(Member.State.EJECTED);
  }

  @ParameterizedTest
  @EnumSource(FailureKind.class)
  void byDefaultAllKindsCountButStatuses(FailureKind kind) {
    fail("a", kind, 3);

    assertThat(state("a")).isEqualTo(kind == STATUS ? Member.State.UP : Member.State.EJECTED);
  }

  @Test
  void namedStatusesCount_andOthersDoNot() {
    PassiveHealth named = rules().statuses(502, 503).build();

    assertThat(List.of(502, 503)).allMatch(named::isFailure);
    assertThat(List.of(200, 404, 500, 504)).noneMatch(named::isFailure);
    assertThat(PassiveHealth.standard().isFailure(503)).isFalse();

    use(pool(rules().statuses(503), backend("a"), backend("b")), Failover.MOVE);
    fail("a", STATUS, 3);
    assertThat(state("a")).isEqualTo(Member.State.EJECTED);
  }

  @Test
  void onlyTheChosenKindsCount() {
    use(pool(rules().kinds(TIMEOUT), backend("a"), backend("b")), Failover.MOVE);
    fail("a", CONNECT, 3);
    fail("a", RESET_BEFORE_RESPONSE, 3);
    assertThat(state("a")).isEqualTo(Member.State.UP);

    fail("a", TIMEOUT, 3);

    assertThat(state("a")).isEqualTo(Member.State.EJECTED);
  }

  @Test
  void reroutesCountByThemselves() {
    for (int i = 0; i < 3; i++) {
      router.reroute("r" + i, routeTo("a"));
    }

    assertThat(state("a")).isEqualTo(Member.State.EJECTED);
  }

  @Test
  void aHeldRouteCountsAtMostOnce() {
    use(builder(rules(), backend("a"), backend("b")).countConnections().build(), Failover.MOVE);
    try (Route route = routeTo("a")) {
      for (int i = 0; i < 5; i++) {
        router.failed(route, CONNECT);
      }
      router.reroute("any", route);
    }

    assertThat(state("a")).isEqualTo(Member.State.UP);
  }

  @Test
  void aRouteWithoutABackend_reportsNothing() {
    pool.change(edit -> edit.down("a").down("b").down("c"));
    Route none = router.route("x");

    router.failed(none, CONNECT);
    router.succeeded(none);

    assertThat(none.outcome()).isEqualTo(Outcome.NO_BACKEND);
  }

  @Test
  void aPoolWithoutPassiveHealth_ejectsNobody() {
    pool = Routing.pool("a", "b");
    router = Routing.router(pool);
    fail("a", 10);

    assertThat(state("a")).isEqualTo(Member.State.UP);
    assertThat(pool.passiveHealth()).isNull();
    assertThat(pool.ejectionStats()).isEqualTo(EjectionStats.NONE);
  }

  @Test
  void ejectionsDouble_upToAMinute() {
    fail("a", 3);
    List<Duration> times = new ArrayList<>(List.of(ejectedFor("a")));
    for (int i = 0; i < 7; i++) {
      pass(ejectedFor("a"));
      router.failed(routeTo("a"), CONNECT);
      times.add(ejectedFor("a"));
    }

    assertThat(times)
        .containsExactly(
            SECOND,
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(8),
            Duration.ofSeconds(16),
            Duration.ofSeconds(32),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60));
    assertThat(requireNonNull(ejection("a")).times()).isEqualTo(8);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.25, 0.9999})
  void aTimeVariesByUpToHalf(double random) {
    use(pool(rules().random(() -> random), backend("a"), backend("b")), Failover.MOVE);
    fail("a", 3);

    assertThat(ejectedFor("a").toMillis()).isEqualTo((long) (1_000 * (0.5 + random)));
  }

  @Test
  void afterFiveCalmMinutes_theFirstTimeIsUsedAgain() {
    fail("a", 3);
    pass(SECOND);
    router.failed(routeTo("a"), CONNECT);
    pass(Duration.ofSeconds(2));
    router.succeeded(routeTo("a")); // readmitted
    pass(Duration.ofSeconds(299));
    fail("a", 3);
    assertThat(ejectedFor("a")).isEqualTo(Duration.ofSeconds(4));

    pass(Duration.ofSeconds(4));
    router.succeeded(routeTo("a"));
    pass(Duration.ofMinutes(5));
    fail("a", 3);

    assertThat(ejectedFor("a")).isEqualTo(SECOND);
  }

  @Test
  void exactlyOneRequestProbes_whenTheTimeIsOver() {
    fail("a", 3);
    pass(SECOND.minusNanos(1));
    assertThat(Routing.shares(pool, 300)).doesNotContainKey("a");
    pass(Duration.ofNanos(1));

    assertThat(Routing.shares(pool, 300)).containsEntry("a", 1);
    assertThat(state("a")).isEqualTo(Member.State.EJECTED);
  }

  @Test
  void aNewSessionProbes_andIsBound() {
    fail("a", 3);
    pass(SECOND);

    Route probe = router.route("new");

    assertThat(probe).hasToString("NEW a (UNKNOWN)");
    assertThat(router.peek("new")).hasToString("a");
  }

  @Test
  void aProbeThatSucceeds_readmitsTheBackend() {
    fail("a", 3);
    pass(SECOND);

    router.succeeded(router.route("new"));

    assertThat(state("a")).isEqualTo(Member.State.UP);
    assertThat(router.route("new")).hasToString("KEPT a");
    assertThat(log).endsWith("a readmitted");
    assertThat(pool.ejectionStats()).isEqualTo(new EjectionStats(1, 1, 0, 0));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aProbeThatIsClosedWithoutAFailure_readmitsTheBackend(boolean counts) {
    PoolBuilder builder = builder(rules(), backend("a"), backend("b"));
    use((counts ? builder.countConnections() : builder).build(), Failover.MOVE);
    fail("a", 3);
    pass(SECOND);

    router.route("new").close();

    assertThat(state("a")).isEqualTo(Member.State.UP);
  }

  @Test
  void aProbeThatIsCancelled_letsAnotherRequestProbe() {
    fail("a", 3);
    pass(SECOND);

    router.route("new").cancel();

    assertThat(state("a")).isEqualTo(Member.State.EJECTED);
    assertThat(id(router.route("other"))).isEqualTo("a");
  }

  @Test
  void aProbeThatFails_ejectsAgainAtOnce_andIsRerouted() {
    fail("a", 3);
    pass(SECOND);

    Route probe = router.route("new");
    Route next = router.reroute("new", probe);

    assertThat(next.outcome()).isEqualTo(Outcome.NEW);
    assertThat(id(next)).isNotEqualTo("a");
    assertThat(ejectedFor("a")).isEqualTo(Duration.ofSeconds(2));
    assertThat(log).endsWith("a for PT2S, number 2 in a row (CONNECT)");
  }

  @Test
  void aFailureOfAKindThatDoesNotCount_saysNothingAboutAProbe() {
    fail("a", 3);
    pass(SECOND);
    Route probe = router.route("new");

    router.failed(probe, STATUS);

    assertThat(ejectedFor("a")).isEqualTo(Duration.ZERO);
    router.succeeded(probe);
    assertThat(state("a")).isEqualTo(Member.State.UP);
  }

  @Test
  void aProbeWithoutAFailureFor30Seconds_readmitsTheBackend() {
    fail("a", 3);
    pass(SECOND);
    Route probe = routeTo("a");
    pass(Duration.ofSeconds(30).minusNanos(1));
    Routing.shares(pool, 10);
    assertThat(state("a")).isEqualTo(Member.State.EJECTED);

    pass(Duration.ofNanos(1));
    Routing.shares(pool, 10);

    assertThat(state("a")).isEqualTo(Member.State.UP);
    router.failed(probe, CONNECT); // too late to matter
    assertThat(state("a")).isEqualTo(Member.State.UP);
  }

  @Test
  void boundSessionsLeaveTheProbeToNewOnesForASecond() {
    use(pool, Failover.LEND);
    String bound = sessionOf("a");
    fail("a", 3);
    pass(SECOND);
    assertThat(router.route(bound).outcome()).isEqualTo(Outcome.LENT);

    pass(SECOND);

    assertThat(router.route(bound)).hasToString("KEPT a");
    assertThat(router.route(bound).outcome()).isEqualTo(Outcome.LENT);
  }

  @Test
  void aSessionThatWouldBeRefused_probesAtOnce() {
    use(pool, Failover.STRICT);
    String bound = sessionOf("a");
    fail("a", 3);
    assertThat(router.route(bound)).hasToString("REFUSED (BACKEND_EJECTED)");
    pass(SECOND);

    Route probe = router.route(bound);

    assertThat(probe).hasToString("KEPT a");
    assertThat(router.route(bound)).hasToString("REFUSED (BACKEND_EJECTED)");
    router.succeeded(probe);
    assertThat(router.route(bound)).hasToString("KEPT a");
  }

  @Test
  void sessionsThatFallBackToHashing_probeTheirOwnBackendOnly() {
    StickyTable full = Routing.table(1);
    router = Routing.router(pool, full, Failover.MOVE);
    router.route("first");
    List<String> ofA = Routing.requests(200).stream()
        .filter(s -> Routing.rendezvous(pool.snapshot(), Routing.key(s)).equals("a"))
        .toList();
    String other = Routing.requests(200).stream()
        .filter(s -> !ofA.contains(s) && router.route(s).outcome() == Outcome.HASHED)
        .findFirst()
        .orElseThrow();
    String own = ofA.stream()
        .filter(s -> router.route(s).outcome() == Outcome.HASHED)
        .findFirst()
        .orElseThrow();
    fail("a", 3);
    assertThat(id(router.route(own))).isNotEqualTo("a");
    pass(SECOND);

    assertThat(id(router.route(other))).isNotEqualTo("a");
    assertThat(id(router.route(own))).isEqualTo("a");
    assertThat(id(router.route(own))).isNotEqualTo("a");
  }

  @Test
  void aHashingBalancer_probesWithARequestOfThatBackendOnly() {
    use(
        builder(rules(), backend("a"), backend("b"), backend("c"))
            .balancer(new WeightedRendezvous())
            .build(),
        Failover.MOVE);
    List<String> ofA = Routing.requests(100).stream()
        .filter(s -> Routing.rendezvous(pool.snapshot(), Routing.key(s)).equals("a"))
        .toList();
    fail("a", 3);
    pass(SECOND);
    Routing.requests(100).stream()
        .filter(s -> !ofA.contains(s))
        .forEach(s -> assertThat(id(router.route(s))).isNotEqualTo("a"));

    assertThat(ofA.stream().filter(s -> id(router.route(s)).equals("a"))).hasSize(1);
  }

  @Test
  void atMostHalfAreEjected_andThatIsCounted() {
    fail("a", 3);
    fail("b", 3);

    assertThat(state("a")).isEqualTo(Member.State.EJECTED);
    assertThat(state("b")).isEqualTo(Member.State.UP);
    assertThat(pool.ejectionStats()).isEqualTo(new EjectionStats(1, 0, 1, 0));
  }

  @Test
  void ofFourBackendsTwoAreEjected() {
    use(pool(rules(), backend("a"), backend("b"), backend("c"), backend("d")), Failover.MOVE);
    fail("a", 3);
    fail("b", 3);
    fail("c", 3);
    fail("d", 3);

    assertThat(pool).hasToString("pool [a EJECTED, b EJECTED, c UP, d UP]");
  }

  @Test
  void theOnlyBackendThatTakesNewSessions_isNeverEjected() {
    pool.change(edit -> edit.down("b").drain("c"));
    fail("a", 30);

    assertThat(state("a")).isEqualTo(Member.State.UP);
    assertThat(pool.ejectionStats().prevented()).isEqualTo(10);
  }

  @Test
  void aDrainingBackendIsEjectedToo() {
    use(pool, Failover.MOVE);
    String bound = sessionOf("a");
    pool.change(edit -> edit.drain("a"));
    for (int i = 0; i < 3; i++) {
      router.failed(router.route(bound), CONNECT);
    }

    assertThat(state("a")).isEqualTo(Member.State.EJECTED);
    assertThat(router.route(bound)).extracting(Route::reason).isEqualTo(Reason.BACKEND_EJECTED);
    assertThat(pool.change(edit -> edit.ready("a")).member("a").state())
        .isEqualTo(Member.State.EJECTED);
  }

  @Test
  void ifTheOthersGoDown_theEjectionEnds() {
    fail("a", 3);
    pool.change(edit -> edit.down("b"));
    assertThat(state("a")).isEqualTo(Member.State.EJECTED);

    pool.change(edit -> edit.down("c"));

    assertThat(pool).hasToString("pool [a UP, b DOWN, c DOWN]");
    assertThat(log).endsWith("a readmitted");
  }

  @Test
  void ifTheOthersLeave_theEjectionThatEndsFirstEnds() {
    use(pool(rules(), backend("a"), backend("b"), backend("c"), backend("d")), Failover.MOVE);
    fail("b", 3);
    pass(Duration.ofMillis(500));
    fail("a", 3);

    pool.change(edit -> edit.remove("c").remove("d"));

    assertThat(pool).hasToString("pool [a EJECTED, b UP]");
  }

  @Test
  void aBackendThatIsReportedUp_isReadmitted_andStartsAfresh() {
    fail("a", 3);
    pool.change(edit -> edit.up("a"));
    assertThat(state("a")).isEqualTo(Member.State.UP);
    fail("a", 2);
    pool.report(backend("a"), true);
    fail("a", 2);
    assertThat(state("a")).isEqualTo(Member.State.UP);

    fail("a", 1);

    assertThat(ejectedFor("a")).isEqualTo(SECOND);
  }

  @Test
  void aBackendThatIsReportedDown_staysDown() {
    fail("a", 3);
    pass(SECOND);
    Route probe = routeTo("a");
    pool.change(edit -> edit.down("a"));

    router.succeeded(probe);
    pass(Duration.ofMinutes(2));
    Routing.shares(pool, 10);

    assertThat(state("a")).isEqualTo(Member.State.DOWN);
    assertThat(ejection("a")).isNull();
  }

  @Test
  void aNewGenerationOrAddress_endsTheEjection_andNothingElseDoes() {
    fail("a", 3);
    pool.change(edit -> edit.weight("a", 7).replace(backend("a").withAttachment("x")));
    assertThat(state("a")).isEqualTo(Member.State.EJECTED);
    pool.change(edit -> edit.replace(backend("a").withAddress("10.0.0.9", 8080)));
    assertThat(state("a")).isEqualTo(Member.State.UP);
    fail("a", 3);
    assertThat(ejectedFor("a")).isEqualTo(SECOND);
    pool.follow(List.of(backend("a").withGeneration("2"), backend("b"), backend("c")));

    assertThat(state("a@2")).isEqualTo(Member.State.UP);
  }

  @Test
  void failuresOfRoutesFromBeforeTheLastReturn_areIgnored() {
    List<Route> before = List.of(routeTo("a"), routeTo("a"), routeTo("a"));
    fail("a", 3);
    pool.change(edit -> edit.up("a"));

    before.forEach(route -> router.failed(route, CONNECT));

    assertThat(state("a")).isEqualTo(Member.State.UP);
  }

  @Test
  void failuresDuringAnEjection_changeNothing() {
    List<Route> before = List.of(routeTo("a"), routeTo("a"), routeTo("a"));
    fail("a", 3);
    Ejection ejection = ejection("a");

    before.forEach(route -> router.failed(route, CONNECT));

    assertThat(ejection("a")).isSameAs(ejection);
    assertThat(pool.ejectionStats().ejections()).isEqualTo(1);
  }

  @Test
  void sessionsAreServedAsTheirFailoverSays() {
    for (Failover failover : Failover.values()) {
      use(pool(rules(), backend("a"), backend("b"), backend("c")), failover);
      String bound = sessionOf("a");
      fail("a", 3);

      Route route = router.route(bound);

      assertThat(route.reason()).isEqualTo(Reason.BACKEND_EJECTED);
      assertThat(route.outcome())
          .isEqualTo(
              switch (failover) {
                case MOVE -> Outcome.MOVED;
                case LEND -> Outcome.LENT;
                case STRICT -> Outcome.REFUSED;
              });
    }
  }

  @Test
  void inTheGrace_moveLends() {
    use(
        pool(
            rules().grace(Duration.ofSeconds(5)).time(Duration.ofSeconds(10), Duration.ofHours(1)),
            backend("a"),
            backend("b")),
        Failover.MOVE);
    String bound = sessionOf("a");
    fail("a", 3);
    pass(Duration.ofSeconds(5).minusNanos(1));
    assertThat(router.route(bound)).hasToString("LENT b (BACKEND_EJECTED)");
    pass(Duration.ofNanos(1));

    assertThat(router.route(bound)).hasToString("MOVED b (BACKEND_EJECTED)");
  }

  @Test
  void theGraceCountsFromTheFirstEjection() {
    use(pool(rules().grace(Duration.ofSeconds(2)), backend("a"), backend("b")), Failover.MOVE);
    String bound = sessionOf("a");
    fail("a", 3);
    pass(SECOND);
    router.failed(routeTo("a"), CONNECT); // ejected again
    pass(SECOND.minusNanos(1));
    assertThat(router.route(bound)).hasToString("LENT b (BACKEND_EJECTED)");
    pass(Duration.ofNanos(1));

    assertThat(router.route(bound)).hasToString("MOVED b (BACKEND_EJECTED)");
  }

  @Test
  void aReadmittedBackendStartsSlowly() {
    use(
        builder(rules(), backend("a", 10), backend("b", 10))
            .slowStart(Duration.ofSeconds(100))
            .build(),
        Failover.MOVE);
    fail("a", 3);
    pass(SECOND);
    router.succeeded(routeTo("a"));

    assertThat(Routing.shares(pool, 1_100).get("a")).isBetween(90, 110);
  }

  @Test
  void aListenerThatThrows_isCounted() {
    use(
        pool(
            PassiveHealth.builder().listener((backend, ejection) -> {
              throw new IllegalStateException("no");
            }),
            backend("a"),
            backend("b")),
        Failover.MOVE);
    fail("a", 3);

    assertThat(pool.ejectionStats()).isEqualTo(new EjectionStats(1, 0, 0, 1));
  }

  @Test
  void aReportInsideAnEdit_takesEffectAfterIt() {
    Route a = routeTo("a");
    fail("a", 2);

    PoolSnapshot after = pool.change(edit -> {
      router.failed(a, CONNECT);
      edit.weight("b", 5);
    });

    assertThat(after.member("a").state()).isEqualTo(Member.State.UP);
    assertThat(state("a")).isEqualTo(Member.State.EJECTED);
  }

  @Test
  void aListenerMayChangeThePool() {
    List<Pool> pools = new ArrayList<>();
    use(
        pool(
            PassiveHealth.builder()
                .listener(
                    (backend, ejection) -> pools.get(0).change(edit -> edit.drain(backend.id()))),
            backend("a"),
            backend("b")),
        Failover.MOVE);
    pools.add(pool);
    fail("a", 3);

    assertThat(requireNonNull(pool.snapshot().member("a")).draining()).isTrue();
  }

  @Test
  void valuesOutOfRange_areRefusedInOneMessage() {
    PassiveHealth.Builder builder = PassiveHealth.builder()
        .failures(0)
        .within(Duration.ZERO)
        .kinds()
        .statuses(500)
        .time(Duration.ofSeconds(2), Duration.ofSeconds(1))
        .grace(Duration.ofSeconds(-1));

    assertThatThrownBy(builder::build)
        .isInstanceOf(FaultException.class)
        .hasMessage("failures: 0 (expected: 1..1000); kinds: [] (expected: one or more); "
            + "statuses: 500 (expected: 501..599); within: PT0S (expected: > PT0S, <= PT1H); "
            + "longest time: PT1S (expected: PT2S..PT1H); grace: PT-1S (expected: PT0S..PT1H)");
    assertThatNullPointerException().isThrownBy(() -> router.failed(routeTo("a"), null));
  }

  @Test
  void ofThreeBackendsOneIsDead_andAFewNewSessionsMeetIt() {
    int failed = 0;
    for (String session : Routing.requests(300)) {
      Route route = router.route(session);
      if (id(route).equals("a")) {
        failed++;
        route = router.reroute(session, route);
      }
      assertThat(id(route)).isNotEqualTo("a");
      router.succeeded(route);
      pass(Duration.ofMillis(10));
    }

    // three, and the probes of three seconds: after one, and after three
    assertThat(failed).isBetween(3, 5);
  }
}
