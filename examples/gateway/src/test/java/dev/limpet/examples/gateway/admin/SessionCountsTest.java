package dev.limpet.examples.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Bound;
import dev.limpet.core.StickyTable;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Counts of bindings, and how often their tables are scanned. */
class SessionCountsTest {
  private final AtomicLong nanos = new AtomicLong();
  private final SessionCounts counts = new SessionCounts(nanos::get);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private Long refreshed(StickyTable table) {
    counts.refresh(Set.of(table));
    return counts.total(Set.of(table));
  }

  @Test
  void aCountIsKeptFiftyTimesAsLongAsItTook() {
    ScannedTable large = new ScannedTable(() -> pass(Duration.ofMillis(100)));

    assertThat(refreshed(large)).isEqualTo(1);
    pass(Duration.ofMillis(4999));
    assertThat(refreshed(large)).isEqualTo(1);
    pass(Duration.ofMillis(1));
    assertThat(refreshed(large)).isEqualTo(2);
  }

  @Test
  void anAnswerNeedsNoScan_howeverOldTheCountIs() {
    ScannedTable table = new ScannedTable(() -> {});

    assertThat(refreshed(table)).isEqualTo(1);
    pass(Duration.ofDays(1));
    assertThat(counts.total(Set.of(table))).isEqualTo(1);
    assertThat(counts.ofBackend(Set.of(table), "web1")).isEqualTo(1);
    assertThat(counts.ofBackend(Set.of(table), "web2")).isZero();
  }

  @Test
  void whileATableIsScanned_countsOfOthersAreKnown() {
    ScannedTable small = new ScannedTable(() -> {});
    ScannedTable large =
        new ScannedTable(() -> assertThat(CompletableFuture.supplyAsync(() -> refreshed(small)))
            .succeedsWithin(Duration.ofSeconds(10)));

    assertThat(refreshed(large)).isEqualTo(1);
  }

  /** A table whose scans do something, and find as many bindings as there were scans. */
  private static final class ScannedTable implements StickyTable {
    private final Runnable scanning;
    private long scans;

    ScannedTable(Runnable scanning) {
      this.scanning = scanning;
    }

    @Override
    public Map<String, Long> bindings() {
      scanning.run();
      scans++;
      return Map.of("web1", scans);
    }

    @Override
    public String lookup(long key) {
      return null;
    }

    @Override
    public String peek(long key) {
      return null;
    }

    @Override
    public boolean wantsHash(long key) {
      return false;
    }

    @Override
    public Bound bind(long key, String expected, String candidate, boolean byHash) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean unbind(long key, String expected) {
      return false;
    }
  }
}
