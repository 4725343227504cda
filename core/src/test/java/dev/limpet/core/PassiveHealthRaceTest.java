package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Reports and probes by many threads at once. */
class PassiveHealthRaceTest {
  private static final int THREADS = 8;

  private final AtomicLong nanos = new AtomicLong();
  private final Queue<String> log = new ConcurrentLinkedQueue<>();
  private final Pool pool = Pool.builder("pool")
      .environment(Routing.ENVIRONMENT.withClock(nanos::get))
      .passiveHealth(PassiveHealth.builder()
          .random(() -> 0.5)
          .listener(new EjectionListener() {
            @Override
            public void ejected(Backend backend, Ejection ejection) {
              log.add(backend.id() + " ejected");
            }

            @Override
            public void readmitted(Backend backend) {
              log.add(backend.id() + " readmitted");
            }
          })
          .build())
      .backends(List.of(backend("a"), backend("b"), backend("c"), backend("d")))
      .build();
  private final StickyRouter<String> router = Routing.router(pool);

  private Route routeTo(String id) {
    Route route = router.routeUnbound("any");
    while (!id(route).equals(id)) {
      route = router.routeUnbound("any");
    }
    return route;
  }

  @RepeatedTest(20)
  void threadsThatFailAtOnce_ejectOnce() throws InterruptedException {
    Route a = routeTo("a");
    Route b = routeTo("b");

    Threads.together(THREADS, thread -> {
      for (int i = 0; i < 50; i++) {
        router.failed((thread % 2 == 0) ? a : b, FailureKind.CONNECT);
      }
    });

    assertThat(log).containsExactlyInAnyOrder("a ejected", "b ejected");
    assertThat(pool.ejectionStats().ejections()).isEqualTo(2);
  }

  @RepeatedTest(20)
  void ofThreadsThatRouteAtOnce_oneProbes() throws InterruptedException {
    eject("a");
    nanos.addAndGet(1_000_000_000);
    AtomicInteger probes = new AtomicInteger();

    Threads.together(THREADS, thread -> {
      for (int i = 0; i < 50; i++) {
        Route route = router.route("s" + thread + '-' + i);
        if (id(route).equals("a")) {
          probes.incrementAndGet();
        }
      }
    });

    assertThat(probes).hasValue(1);
  }

  /** A change by another thread neither delays a report nor loses it. */
  @Test
  void aReportDuringAnotherChange_isMadeByTheThreadThatChanges() throws InterruptedException {
    Route a = routeTo("a");

    pool.change(edit -> {
      try {
        Threads.together(3, thread -> router.failed(a, FailureKind.CONNECT));
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      edit.weight("b", 2);
    });

    assertThat(requireNonNull(pool.snapshot().member("a")).state()).isEqualTo(Member.State.EJECTED);
    assertThat(requireNonNull(pool.snapshot().member("b")).backend().weight()).isEqualTo(2);
    assertThat(log).containsExactly("a ejected");
  }

  @RepeatedTest(10)
  void reportsOfAllKinds_keepTheLimits() throws InterruptedException {
    Threads.together(THREADS, thread -> {
      for (int i = 0; i < 300; i++) {
        Route route = router.route("s" + thread + '-' + i);
        assertThat(route.backend()).isNotNull();
        switch (thread % 4) {
          case 0 -> router.succeeded(route);
          case 1 -> router.reroute("s" + thread + '-' + i, route);
          case 2 -> router.failed(route, FailureKind.TIMEOUT);
          default -> pool.report(backend("d"), i % 10 != 0);
        }
        nanos.addAndGet(Duration.ofMillis(50).toNanos());
        PoolSnapshot now = pool.snapshot();
        long eligible = now.members().stream().filter(Member::isEligible).count();
        if (eligible > 0) {
          assertThat(now.members()).anyMatch(Member::acceptsNew);
        }
      }
    });

    long told = log.stream().filter(line -> line.endsWith("ejected")).count();
    assertThat(told).isEqualTo(pool.ejectionStats().ejections());
  }

  private void eject(String id) {
    for (int i = 0; i < 3; i++) {
      router.failed(routeTo(id), FailureKind.CONNECT);
    }
  }
}
