package dev.limpet.core;

import static dev.limpet.core.FailureKind.CONNECT;
import static dev.limpet.core.FailureKind.RESET_BEFORE_RESPONSE;
import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.limited;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Member.State;
import dev.limpet.core.affinity.KeyAffinity;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Probes and reports that must not be lost, whatever else a request does. */
class ProbesThatAreLostTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final AtomicLong nanos = new AtomicLong();
  private Pool pool = builder(backend("a"), backend("b"), backend("c")).build();

  private PoolBuilder builder(Backend... backends) {
    return builder(PassiveHealth.builder(), backends);
  }

  private PoolBuilder builder(PassiveHealth.Builder rules, Backend... backends) {
    return Pool.builder("pool")
        .environment(Routing.ENVIRONMENT.withClock(nanos::get))
        .passiveHealth(rules.random(() -> 0.5).build())
        .backends(List.of(backends));
  }

  private StickyRouter<String> router(Affinity<String> affinity) {
    return StickyRouter.of(pool, affinity);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private void eject(String id) {
    eject(id, CONNECT);
  }

  private void eject(String id, FailureKind kind) {
    StickyRouter<String> router = router(Affinity.none());
    for (int failures = 0; failures < 3; ) {
      try (Route route = router.route("any")) {
        if (id(route).equals(id)) {
          router.failed(route, kind);
          failures++;
        }
      }
    }
    assertThat(state(id)).isEqualTo(State.EJECTED);
  }

  private State state(String id) {
    return requireNonNull(pool.snapshot().member(id)).state();
  }

  /** Affinities of which the first knows no session and stores none. */
  private static Affinity<String> fallingBack() {
    return new Affinity<>() {
      @Override
      public Recall recall(String request, PoolSnapshot pool) {
        return Recall.none(Reason.UNKNOWN);
      }

      @Override
      public Recall peek(String request, PoolSnapshot pool) {
        return Recall.none(Reason.UNKNOWN);
      }

      @Override
      public long key(String request) {
        return Routing.key(request);
      }

      @Override
      public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
        return Bound.NOT_KEPT;
      }

      @Override
      public boolean unbind(long key, String expected) {
        return false;
      }

      @Override
      public StickySession session() {
        return StickySession.custom();
      }
    };
  }

  @Test
  void aSessionThatIsPassedToTheNextAffinity_takesNoProbeWithIt() {
    String ofA = Routing.requests(100).stream()
        .filter(
            session -> Routing.rendezvous(pool.snapshot(), Routing.key(session)).equals("a"))
        .findFirst()
        .orElseThrow();
    eject("a");
    pass(SECOND);
    StickyRouter<String> router =
        router(fallingBack().orElse(Routing.affinity(Routing.table(1_000))));

    List<String> used = List.of(id(router.route(ofA)), id(router.route("another")));

    assertThat(used).as("one of them probes").contains("a");
  }

  @Test
  void aFailedConnectOfAProbe_doesNotReadmit_ifConnectsDoNotCount() {
    pool = builder(
            PassiveHealth.builder().kinds(RESET_BEFORE_RESPONSE),
            backend("a"),
            backend("b"),
            backend("c"))
        .build();
    eject("a", RESET_BEFORE_RESPONSE);
    pass(SECOND);
    StickyRouter<String> router = router(Affinity.none());
    Route probe = router.route("x");
    assertThat(id(probe)).isEqualTo("a");

    Route next = router.reroute("x", probe);

    assertThat(id(next)).isNotEqualTo("a");
    assertThat(state("a")).isEqualTo(State.EJECTED);
  }

  @Test
  void aReportDuringAnEditThatThrows_isNotLost() {
    StickyRouter<String> router = router(Affinity.none());
    Route a = router.route("x");
    assertThatThrownBy(() -> pool.change(edit -> {
          CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 3; i++) {
                  router.failed(a, CONNECT);
                }
              })
              .join();
          edit.up("none");
        }))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(state(id(a))).isEqualTo(State.EJECTED);
  }

  @Test
  void anExtractorThatThrowsWhenTheProbeIsHeld_givesItBack() {
    pool = builder(backend("a"), backend("b"), backend("c")).countConnections().build();
    eject("a");
    pass(SECOND);
    AtomicBoolean fails = new AtomicBoolean();
    int[] calls = {0};
    KeyAffinity<String> affinity = KeyAffinity.<String>builder((text, hasher) -> {
          if (fails.get() && ++calls[0] == 4) {
            throw new IllegalStateException("extractor");
          }
          return hasher.string(text);
        })
        .environment(Routing.ENVIRONMENT)
        .build();
    StickyRouter<String> router = router(affinity);
    for (int call = 1; call < 12; call++) {
      int failing = call;
      calls[0] = 4 - failing;
      fails.set(true);
      try {
        router.route("t" + call).cancel();
      } catch (IllegalStateException e) {
        assertThat(e).hasMessage("extractor");
      }
      fails.set(false);
      Route next = router.route("u" + call);
      assertThat(id(next)).as("after call " + call).isEqualTo("a");
      next.cancel();
    }
  }

  @Test
  void ifOnlyALaterTierHasABackendToProbe_aRequestThatNobodyElseCanServeProbesIt() {
    pool = builder(limited("a", 1), backend("b").withTier(1), limited("c", 1).withTier(1))
        .countConnections()
        .build();
    pool.change(edit -> edit.down("a"));
    StickyRouter<String> router = router(Affinity.none());
    for (int i = 0; i < 6 && state("b") == State.UP; i++) {
      try (Route route = router.route("x")) {
        if (id(route).equals("b")) {
          router.failed(route, CONNECT);
        }
      }
    }
    assertThat(state("b")).isEqualTo(State.EJECTED);
    pool.change(edit -> edit.up("a"));
    Route first = router.route("x");
    Route second = router.route("x");
    assertThat(List.of(id(first), id(second))).containsExactly("a", "c");
    pass(Duration.ofMinutes(10));

    assertThat(id(router.route("x"))).isEqualTo("b");
  }

  @Test
  void ifOnlyBoundSessionsAreLeft_oneWhoseBackendFailsProbesTheOther() {
    pool = builder(backend("a"), backend("b")).build();
    StickyRouter<String> router = Routing.router(pool);
    String session = "s0";
    for (int i = 0; !id(router.route(session)).equals("b"); i++) {
      session = "s" + i;
    }
    eject("a");
    pass(Duration.ofMinutes(10));

    Route bound = router.route(session);
    assertThat(bound).hasToString("KEPT b");
    Route next = router.reroute(session, bound);

    assertThat(id(next)).isEqualTo("a");
  }

  @Test
  void aPickerThatThrows_doesNotKeepABackendOutForEver() {
    AtomicBoolean throwing = new AtomicBoolean();
    Balancer balancer = new Balancer() {
      private final WeightedRoundRobin turns = new WeightedRoundRobin();

      @Override
      public String name() {
        return "own";
      }

      @Override
      public Picker picker(List<Backend> backends, List<Load> loads) {
        if (throwing.get()) {
          throw new IllegalStateException("picker");
        }
        return turns.picker(backends, loads);
      }
    };
    pool = builder(backend("a"), backend("b"), backend("c")).balancer(balancer).build();
    eject("a");
    pass(SECOND);
    StickyRouter<String> router = router(Affinity.none());
    Route probe = router.route("x");
    assertThat(id(probe)).isEqualTo("a");
    throwing.set(true);
    try {
      router.succeeded(probe);
    } catch (IllegalStateException e) {
      assertThat(e).hasMessage("picker");
    }
    throwing.set(false);
    pass(Duration.ofMinutes(10));
    boolean probed = false;
    for (int i = 0; i < 10; i++) {
      Route route = router.route("x");
      probed |= id(route).equals("a");
      route.close();
    }
    assertThat(probed).isTrue();
  }

  @Test
  void aSessionThatWaitsForNewOnesToProbe_doesNotProbeByItsHash() {
    pool = builder(backend("a"), backend("b"), backend("c")).build();
    for (Failover failover : List.of(Failover.MOVE, Failover.LEND)) {
      StickyRouter<String> router = Routing.router(pool, failover);
      List<String> ofA = Routing.requests(200).stream()
          .filter(session -> id(router.route(session)).equals("a"))
          .toList();
      eject("a");
      pass(SECOND);

      for (String session : ofA) {
        Route route = router.route(session);
        assertThat(id(route)).as(failover + " " + route).isNotEqualTo("a");
        route.cancel();
      }
      pool.change(edit -> edit.up("a"));
    }
  }
}
