package dev.limpet.micrometer;

import static dev.limpet.micrometer.Routing.affinity;
import static dev.limpet.micrometer.Routing.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Affinity;
import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickyTable;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableMetricsTest {
  private final MockClock clock = new MockClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
  private final Reader reader = new Reader(registry);
  private final CountedTable table = new CountedTable(Routing.table(100));

  @Test
  void bindings_areCountedByBackend() {
    Pool pool = pool("a", "b");
    StickyRouter<String> router = StickyRouter.of(pool, affinity(table));
    TableMetrics.of(router).bindTo(registry);

    route(router, 7);
    clock.add(Duration.ofSeconds(1));

    assertThat(reader.sum(LimpetMeter.TABLE_CAPACITY)).isEqualTo(100);
    assertThat(reader.sum(LimpetMeter.TABLE_BINDINGS)).isEqualTo(7);
    assertThat(bindings("a") + bindings("b")).isEqualTo(7);
    assertThat(bindings("a")).isBetween(3.0, 4.0);
    assertThat(bindings("other")).isZero();
  }

  private double bindings(String backend) {
    return reader.value(
        LimpetMeter.BACKEND_BINDINGS,
        "pool",
        "pool",
        "router",
        "pool",
        "affinity",
        "0",
        "backend",
        backend);
  }

  private static void route(StickyRouter<String> router, int sessions) {
    Routing.requests(sessions).forEach(router::route);
  }

  @Test
  void bindingsToBackendsThatLeft_areOther() {
    Pool pool = pool("a", "b");
    StickyRouter<String> router = StickyRouter.of(pool, affinity(table));
    TableMetrics.of(router).bindTo(registry);
    route(router, 10);
    double left = router.affinity().remaining("a").bindings().orElseThrow();

    pool.change(edit -> edit.remove("a"));
    clock.add(Duration.ofSeconds(1));
    reader.scrape();

    assertThat(bindings("other")).isEqualTo(left).isPositive();
    assertThat(bindings("b")).isEqualTo(10 - left);
    assertThat(reader.values(LimpetMeter.BACKEND_BINDINGS, "backend"))
        .containsExactlyInAnyOrder("b", "other");
  }

  @Test
  void backendsBeyondTheMaximum_areOther() {
    StickyRouter<String> router = StickyRouter.of(pool("a", "b", "c"), affinity(table));
    TableMetrics.of(router, "pool", 0, 1).bindTo(registry);
    route(router, 9);
    clock.add(Duration.ofSeconds(1));

    assertThat(bindings("a") + bindings("other")).isEqualTo(9);
    assertThat(bindings("other")).isGreaterThan(bindings("a"));
  }

  @Test
  void aScrape_scansTheTableOnce() {
    StickyRouter<String> router = StickyRouter.of(pool("a", "b", "c", "d"), affinity(table));
    TableMetrics.of(router).bindTo(registry);
    reader.scrape();
    int before = table.scans;

    for (int scrape = 1; scrape <= 3; scrape++) {
      clock.add(Duration.ofSeconds(15));
      reader.scrape();
      assertThat(table.scans).isEqualTo(before + scrape);
    }
  }

  @Test
  void aTableThatDoesNotCount_hasNoMetersOfBindings() {
    StickyTable uncounted = new ForwardingTable(Routing.table(10)) {
      @Override
      public @Nullable Map<String, Long> bindings() {
        return null;
      }
    };
    TableMetrics metrics = TableMetrics.of(StickyRouter.of(pool("a"), affinity(uncounted)));
    metrics.bindTo(registry);

    assertThat(reader.names()).containsExactly(LimpetMeter.TABLE_CAPACITY.id());
    assertThatThrownBy(() -> metrics.bindTo(registry))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("registry: has limpet.table.capacity of ");
  }

  @Test
  void withoutATable_thereAreNoMeters() {
    StickyRouter<String> router = StickyRouter.of(pool("a"), Affinity.none());
    TableMetrics.of(router).bindTo(registry);

    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void refusedNames_areThoseOfACompactTable() {
    StickyRouter<String> router = StickyRouter.of(pool("a"), affinity(Routing.table(10)));
    TableMetrics.of(router).bindTo(registry);

    assertThat(reader.sum(LimpetMeter.REFUSED_NAMES)).isZero();
    assertThat(reader.names()).contains(LimpetMeter.REFUSED_NAMES.id());
  }

  @Test
  void tablesOfAChain_areToldApart() {
    StickyRouter<String> router =
        StickyRouter.of(pool("a"), affinity(table).orElse(affinity(Routing.table(50))));
    TableMetrics.of(router, "pool", 0, 10).bindTo(registry);
    TableMetrics.of(router, "pool", 1, 10).bindTo(registry);

    assertThat(reader.sum(LimpetMeter.TABLE_CAPACITY, "affinity", "0")).isEqualTo(100);
    assertThat(reader.sum(LimpetMeter.TABLE_CAPACITY, "affinity", "1")).isEqualTo(50);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void aPositionThatTheChainDoesNotHave_isRefused(int position) {
    StickyRouter<String> router = StickyRouter.of(pool("a"), affinity(table));
    assertThatThrownBy(() -> TableMetrics.of(router, "pool", position, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("affinity: " + position + " (expected: 0..0)");
  }

  /** Counts how often all of its bindings are counted. */
  private static final class CountedTable extends ForwardingTable {
    private int scans;

    CountedTable(StickyTable table) {
      super(table);
    }

    @Override
    public @Nullable Map<String, Long> bindings() {
      scans++;
      return super.bindings();
    }
  }
}
