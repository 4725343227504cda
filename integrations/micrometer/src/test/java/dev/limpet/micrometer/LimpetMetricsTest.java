package dev.limpet.micrometer;

import static dev.limpet.micrometer.Routing.affinity;
import static dev.limpet.micrometer.Routing.backend;
import static dev.limpet.micrometer.Routing.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Affinity;
import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LimpetMetricsTest {
  private static final String SESSION = "c8f2b9d1-the-session";

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Reader reader = new Reader(registry);

  @Test
  void bind_registersAllMetersOfARouter() {
    LimpetMetrics.bind(registry, appRouter(Routing.counting(backend("a")), appCookie()));

    Set<String> all = new TreeSet<>();
    Arrays.stream(LimpetMeter.values())
        .map(LimpetMeter::id)
        .filter(id -> !id.startsWith("limpet.store."))
        .forEach(all::add);
    assertThat(new TreeSet<>(reader.names())).isEqualTo(all);
  }

  @Test
  void everyMeter_hasADescription() {
    LimpetMetrics.bind(registry, appRouter(Routing.counting(backend("a")), appCookie()));

    assertThat(registry.getMeters())
        .allSatisfy(meter -> assertThat(meter.getId().getDescription()).isNotBlank());
  }

  @Test
  void tags_nameNoSession() {
    HttpRouter<Page, Page> router = appRouter(pool("a"), appCookie());
    LimpetMetrics.bind(registry, router);
    try (var exchange = router.begin(Page.of("Cookie", "SID=" + SESSION))) {
      exchange.responded(Page.of("Set-Cookie", "SID=" + SESSION));
    }
    reader.scrape();

    assertThat(reader.sum(LimpetMeter.TABLE_BINDINGS)).isEqualTo(1);
    assertThat(reader.texts()).noneMatch(text -> text.contains(SESSION));
    assertThat(Set.copyOf(reader.texts()))
        .contains("pool", "router", "outcome", "reason", "state", "backend", "affinity", "a");
  }

  @Test
  void severalRoutersOfOnePool_shareItsMetersAndTheirTable() {
    Pool pool = pool("a");
    HttpAffinity<Page, Page> affinity = appCookie();
    HttpRouter<Page, Page> web = appRouter(pool, affinity);
    HttpRouter<Page, Page> api = appRouter(pool, affinity);
    LimpetMetrics.builder().router("web", web).router("api", api).build().bindTo(registry);
    web.route(Page.empty());
    api.route(Page.empty());
    api.route(Page.empty());

    assertThat(reader.sum(LimpetMeter.REQUESTS, "router", "web")).isEqualTo(1);
    assertThat(reader.sum(LimpetMeter.REQUESTS, "router", "api")).isEqualTo(2);
    assertThat(reader.sum(LimpetMeter.REQUESTS, "pool", "pool")).isEqualTo(3);
    assertThat(reader.values(LimpetMeter.TABLE_BINDINGS, "router")).containsExactly("web");
    assertThat(reader.values(LimpetMeter.ISSUED, "router")).containsExactly("web");
    assertThat(reader.sum(LimpetMeter.BACKENDS)).isEqualTo(1);
  }

  @Test
  void severalPools_areToldApart() {
    LimpetMetrics.bind(registry, router(Pool.of("one", backend("a"))));
    LimpetMetrics.bind(registry, router(Pool.of("two", backend("a"), backend("b"))));

    assertThat(reader.sum(LimpetMeter.BACKENDS, "pool", "one")).isEqualTo(1);
    assertThat(reader.sum(LimpetMeter.BACKENDS, "pool", "two")).isEqualTo(2);
  }

  @Test
  void severalRegistries_areBoundAndClosed() {
    SimpleMeterRegistry other = new SimpleMeterRegistry();
    LimpetMetrics metrics = LimpetMetrics.bind(registry, router(pool("a")));
    metrics.bindTo(other);
    assertThat(other.getMeters()).hasSameSizeAs(registry.getMeters()).isNotEmpty();

    metrics.close();

    assertThat(registry.getMeters()).isEmpty();
    assertThat(other.getMeters()).isEmpty();
  }

  @Test
  void aCompositeRegistry_followsTheBackends() {
    CompositeMeterRegistry composite = new CompositeMeterRegistry();
    composite.add(registry);
    composite.add(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    Pool pool = pool("a");
    LimpetMetrics.bind(composite, router(pool));

    pool.change(edit -> edit.remove("a").add(backend("b")));
    reader.scrape();

    assertThat(reader.values(LimpetMeter.BACKEND_WEIGHT, "backend"))
        .containsExactlyInAnyOrder("b", "other");
  }

  @Test
  void refresh_showsABackendThatCame() {
    Pool pool = pool("a");
    LimpetMetrics metrics = LimpetMetrics.bind(registry, router(pool));

    pool.change(edit -> edit.add(backend("b")));
    metrics.refresh();

    assertThat(reader.values(LimpetMeter.BACKEND_WEIGHT, "backend")).contains("b");
    assertThat(reader.values(LimpetMeter.BACKEND_BINDINGS, "backend")).contains("b");
    assertThat(reader.values(LimpetMeter.DRAIN_REMAINING, "backend")).contains("b");
  }

  @Test
  void maxBackends_limitsAllMetersOfBackends() {
    LimpetMetrics.builder()
        .router(router(pool("a", "b", "c")))
        .maxBackends(1)
        .build()
        .bindTo(registry);

    for (LimpetMeter meter : LimpetMeter.values()) {
      if (meter.id().startsWith("limpet.backend.") && reader.names().contains(meter.id())) {
        assertThat(reader.values(meter, "backend")).containsExactlyInAnyOrder("a", "other");
      }
    }
  }

  @Test
  void aSecondRouterOfThePool_isRefusedAndLeavesTheFirst() {
    Pool pool = pool("a");
    LimpetMetrics.bind(registry, router(pool));
    int before = registry.getMeters().size();

    assertThatThrownBy(() -> LimpetMetrics.bind(registry, router(pool)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "registry: has limpet.pool.draining of [tag(pool=pool)] (expected:");
    assertThat(registry.getMeters()).hasSize(before);
  }

  @Test
  void aRefusedBinding_leavesNothing() {
    Pool pool = pool("a");
    StickyRouter<String> router = router(pool);
    RouterMetrics.of(router).bindTo(registry);
    int before = registry.getMeters().size();

    assertThatThrownBy(() -> LimpetMetrics.bind(registry, router))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(registry.getMeters()).hasSize(before);
  }

  @Test
  void build_refusesEqualNames() {
    Pool pool = pool("a");
    LimpetMetrics.Builder builder = LimpetMetrics.builder().router("web", router(pool));

    assertThatThrownBy(() -> builder.router("web", router(pool)))
        .hasMessage("router: web (expected: another name, as a router of this pool has it)");
    assertThatThrownBy(() -> builder.router("api", router(pool("a"))))
        .hasMessage("pool: pool (expected: pools with different names)");
  }

  @Test
  @Timeout(60)
  void meters_doNotKeepTheRouterAlive() throws InterruptedException {
    WeakReference<StickyRouter<String>> router = bound();

    while (router.get() != null) {
      System.gc();
      Thread.sleep(1); // until the collector has found it
    }

    reader.scrape();
    assertThat(reader.sum(LimpetMeter.REQUESTS)).isEqualTo(1);
    assertThat(reader.sum(LimpetMeter.TABLE_BINDINGS)).isNaN();
  }

  private WeakReference<StickyRouter<String>> bound() {
    StickyRouter<String> router = router(pool("a"));
    LimpetMetrics.bind(registry, router);
    router.route("alice");
    reader.scrape();
    assertThat(reader.sum(LimpetMeter.REQUESTS)).isEqualTo(1);
    return new WeakReference<>(router);
  }

  @Test
  void aRouterWithoutStickiness_hasMetersToo() {
    LimpetMetrics.bind(registry, StickyRouter.<String>of(pool("a"), Affinity.none()));

    assertThat(reader.names())
        .contains(LimpetMeter.REQUESTS.id(), LimpetMeter.BACKENDS.id())
        .doesNotContain(LimpetMeter.TABLE_BINDINGS.id());
  }

  private static StickyRouter<String> router(Pool pool) {
    return StickyRouter.of(pool, affinity(Routing.table(100)));
  }

  private static HttpRouter<Page, Page> appRouter(Pool pool, HttpAffinity<Page, Page> affinity) {
    return HttpRouter.of(pool, affinity);
  }

  private static HttpAffinity<Page, Page> appCookie() {
    return AppCookieAffinity.builder(Page.ACCESS)
        .session(StickySession.appCookie("SID"))
        .build();
  }
}
