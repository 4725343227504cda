package dev.limpet.micrometer;

import static dev.limpet.micrometer.Routing.backend;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Backend;
import dev.limpet.core.FailureKind;
import dev.limpet.core.PassiveHealth;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoolMetricsTest {
  private static final int METERS_OF_A_BACKEND = 5; // the weight and four states
  private static final int METERS_OF_A_POOL = 9; // four counters, four states and draining

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Reader reader = new Reader(registry);

  @Test
  void states_areCountedAndToldOfEachBackend() {
    Pool pool = Pool.of("web", backend("a", 3), backend("b", 0), backend("c"), backend("d"));
    PoolMetrics.of(pool).bindTo(registry);
    pool.change(edit -> edit.down("c").drain("d"));

    assertBackends("up", 1);
    assertBackends("draining", 2);
    assertBackends("down", 1);
    assertBackends("ejected", 0);
    assertThat(reader.value(LimpetMeter.DRAINING, "pool", "web")).isEqualTo(1);
    assertThat(state("a", "up")).isEqualTo(1);
    assertThat(state("a", "down")).isZero();
    assertThat(state("c", "down")).isEqualTo(1);
    assertThat(weight("a")).isEqualTo(3);
    assertThat(weight("b")).isZero();
  }

  private void assertBackends(String state, int count) {
    assertThat(reader.value(LimpetMeter.BACKENDS, "pool", "web", "state", state))
        .isEqualTo(count);
  }

  private double state(String backend, String state) {
    return reader.value(
        LimpetMeter.BACKEND_STATE, "pool", "web", "backend", backend, "state", state);
  }

  private double weight(String backend) {
    return reader.value(LimpetMeter.BACKEND_WEIGHT, "pool", "web", "backend", backend);
  }

  @Test
  void connections_areThoseThatRoutesHold() {
    Pool pool = Routing.counting(backend("a"));
    StickyRouter<String> router = Routing.router(pool);
    PoolMetrics.of(pool).bindTo(registry);

    Route route = router.route("alice");
    assertThat(reader.sum(LimpetMeter.BACKEND_CONNECTIONS, "backend", "a")).isEqualTo(1);
    route.close();
    assertThat(reader.sum(LimpetMeter.BACKEND_CONNECTIONS, "backend", "a")).isZero();
  }

  @Test
  void connections_areAbsentInAPoolThatDoesNotCountThem() {
    PoolMetrics.of(Routing.pool("a")).bindTo(registry);

    assertThat(reader.names()).doesNotContain(LimpetMeter.BACKEND_CONNECTIONS.id());
  }

  @Test
  void ejections_areCounted() {
    Pool pool = Pool.builder("web")
        .backends(List.of(backend("a"), backend("b"), backend("c")))
        .passiveHealth(PassiveHealth.builder()
            .failures(1)
            .listener((at, ejection) -> {
              throw new IllegalStateException();
            })
            .build())
        .build();
    StickyRouter<String> router = Routing.router(pool);
    PoolMetrics.of(pool).bindTo(registry);

    Route failed = router.route("alice");
    router.failed(failed, FailureKind.TIMEOUT);
    router.failed(router.route("bob"), FailureKind.TIMEOUT);

    assertBackends("ejected", 1);
    assertThat(state(Routing.id(failed), "ejected")).isEqualTo(1);
    assertThat(reader.value(LimpetMeter.EJECTIONS, "pool", "web")).isEqualTo(1);
    assertThat(reader.value(LimpetMeter.PREVENTED, "pool", "web")).isEqualTo(1);
    assertThat(reader.value(LimpetMeter.EJECTION_LISTENER_FAILURES, "pool", "web"))
        .isEqualTo(1);
    pool.change(edit -> edit.up(Routing.id(failed)));
    assertThat(reader.value(LimpetMeter.READMISSIONS, "pool", "web")).isEqualTo(1);
  }

  @Test
  void meters_followTheBackends() {
    Pool pool = Pool.of("web", backend("a"), backend("b"));
    PoolMetrics.of(pool).bindTo(registry);

    pool.change(edit -> edit.remove("a").add(backend("c", 7)));
    reader.scrape();

    assertThat(reader.values(LimpetMeter.BACKEND_WEIGHT, "backend"))
        .containsExactlyInAnyOrder("b", "c", "other");
    assertThat(weight("c")).isEqualTo(7);
  }

  @Test
  void aNewGeneration_keepsTheMeters() {
    Pool pool = Pool.of("web", backend("a", 2));
    PoolMetrics.of(pool).bindTo(registry);

    pool.follow(List.of(backend("a", 5).withGeneration("2")));

    assertThat(weight("a")).isEqualTo(5);
    assertThat(weight("other")).isZero();
  }

  @Test
  void backendsBeyondTheMaximum_areAddedUpAsOther() {
    Pool pool = Pool.of("web", backend("a", 1), backend("b", 2), backend("c", 4), backend("d", 8));
    PoolMetrics.of(pool, 2).bindTo(registry);

    assertThat(weight("a")).isEqualTo(1);
    assertThat(weight("b")).isEqualTo(2);
    assertThat(weight("other")).isEqualTo(12);
    assertThat(state("other", "up")).isEqualTo(2);

    pool.change(edit -> edit.remove("a"));
    reader.scrape();

    assertThat(reader.values(LimpetMeter.BACKEND_WEIGHT, "backend"))
        .containsExactlyInAnyOrder("b", "c", "other");
    assertThat(weight("other")).isEqualTo(8);
  }

  @Test
  void backendsKeepTheirMeters_ifTheOrderOfThePoolChanges() {
    Pool pool = Pool.of("web", backend("a"), backend("b"), backend("c"));
    PoolMetrics.of(pool, 2).bindTo(registry);

    pool.change(edit -> edit.replaceAll(List.of(backend("c"), backend("b"), backend("a"))));
    reader.scrape();

    assertThat(reader.values(LimpetMeter.BACKEND_WEIGHT, "backend"))
        .containsExactlyInAnyOrder("a", "b", "other");
  }

  @Test
  void aBackendWithTheIdOther_isAddedUpWithTheRest() {
    Pool pool = Pool.of("web", backend("other", 3), backend("a", 1), backend("b", 4));
    PoolMetrics.of(pool, 1).bindTo(registry);

    assertThat(weight("a")).isEqualTo(1);
    assertThat(weight("other")).isEqualTo(7);
  }

  @Test
  void aMaximumOfZero_addsUpAll() {
    PoolMetrics.of(Pool.of("web", backend("a", 3), backend("b", 4)), 0).bindTo(registry);

    assertThat(reader.values(LimpetMeter.BACKEND_WEIGHT, "backend")).containsExactly("other");
    assertThat(weight("other")).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 10_001})
  void aMaximumOutOfRange_isRefused(int max) {
    Pool pool = Routing.pool("a");
    assertThatThrownBy(() -> PoolMetrics.of(pool, max))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("maxBackends: " + max + " (expected: 0..10000)");
  }

  @Tag("slow")
  @Test
  void tenThousandNamesThatComeAndGo_leaveAsFewMetersAsBefore() {
    PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Pool pool = Pool.of("web");
    PoolMetrics.of(pool, 10).bindTo(registry);
    PoolMetrics.of(pool, 10).bindTo(prometheus);

    for (int first = 0; first < 10_000; first += 20) {
      List<Backend> backends =
          IntStream.range(first, first + 20).mapToObj(i -> backend("pod-" + i)).toList();
      pool.follow(backends);
      reader.scrape();
      prometheus.scrape();
      assertThat(registry.getMeters()).hasSize(METERS_OF_A_POOL + 11 * METERS_OF_A_BACKEND);
    }

    assertThat(prometheus.getMeters()).hasSameSizeAs(registry.getMeters());
    assertThat(prometheus.scrape().lines().filter(line -> line.contains("pod-")))
        .hasSize(10 * METERS_OF_A_BACKEND)
        .allMatch(line -> line.contains("pod-999") || line.contains("pod-998"));
  }

  @Test
  void aScrape_showsABackendThatCame() {
    PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Pool pool = Pool.of("web", backend("a"));
    PoolMetrics metrics = PoolMetrics.of(pool);
    metrics.bindTo(prometheus);

    pool.change(edit -> edit.add(backend("b", 5)).remove("a"));
    metrics.refresh();

    assertThat(prometheus.scrape())
        .contains("limpet_backend_weight{backend=\"b\",pool=\"web\"} 5.0")
        .doesNotContain("backend=\"a\"");
  }

  @Tag("slow")
  @Test
  @Timeout(60)
  void scrapesByManyThreads_whileThePoolChanges_endWithTheRightMeters() throws Exception {
    Pool pool = Pool.of("web");
    PoolMetrics metrics = PoolMetrics.of(pool, 5);
    metrics.bindTo(registry);
    AtomicBoolean done = new AtomicBoolean();
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> threads = IntStream.range(0, 4)
        .mapToObj(i -> new Thread(() -> {
          while (!done.get()) {
            reader.scrape();
          }
        }))
        .toList();
    threads.forEach(
        thread -> thread.setUncaughtExceptionHandler((at, thrown) -> failures.add(thrown)));
    threads.forEach(Thread::start);
    for (int i = 0; i < 2_000; i++) {
      pool.follow(List.of(backend("p" + i), backend("q" + i % 3), backend("r" + i % 7)));
    }
    done.set(true);
    for (Thread thread : threads) {
      thread.join();
    }

    reader.scrape();
    assertThat(failures).isEmpty();
    assertThat(reader.values(LimpetMeter.BACKEND_WEIGHT, "backend"))
        .containsExactlyInAnyOrder("p1999", "q1", "r4", "other");
    metrics.close();
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  @Timeout(60)
  void meters_doNotKeepThePoolAlive() throws InterruptedException {
    WeakReference<Pool> pool = bound();

    while (pool.get() != null) {
      System.gc();
      Thread.sleep(1); // until the collector has found it
    }

    reader.scrape();
    assertThat(reader.value(LimpetMeter.DRAINING, "pool", "web")).isNaN();
  }

  private WeakReference<Pool> bound() {
    Pool pool = Pool.builder("web")
        .backends(List.of(backend("a"), backend("b")))
        .passiveHealth(PassiveHealth.builder().failures(1).build())
        .build();
    PoolMetrics.of(pool).bindTo(registry);
    StickyRouter<String> router = Routing.router(pool);
    router.failed(router.route("alice"), FailureKind.TIMEOUT);
    reader.scrape();
    assertBackends("ejected", 1);
    return new WeakReference<>(pool);
  }
}
