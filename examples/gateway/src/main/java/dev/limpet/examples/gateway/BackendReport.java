package dev.limpet.examples.gateway;

import dev.limpet.examples.gateway.backend.BackendCounts;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Reports faults of backends: at each look, one line for each kind of fault that a pool has had
 * since the last one.
 */
final class BackendReport {
  private final Map<String, Pool> pools = new TreeMap<>();
  private final Consumer<String> log;

  BackendReport(Consumer<String> log) {
    this.log = log;
  }

  /** Returns the counters of a pool. */
  synchronized BackendCounts counts(String pool) {
    return pools.computeIfAbsent(pool, name -> new Pool(name, log)).counts;
  }

  /** Reports the faults that were counted since the last look. */
  synchronized void look() {
    pools.values().forEach(Pool::look);
  }

  private static final class Pool {
    private final String name;
    private final Consumer<String> log;
    private final BackendCounts counts = new BackendCounts();
    private long timeouts;
    private long surpluses;

    Pool(String name, Consumer<String> log) {
      this.name = name;
      this.log = log;
    }

    void look() {
      timeouts =
          say(timeouts, counts.timeouts(), "requests without a response within responseTimeout");
      surpluses = say(
          surpluses, counts.surpluses(), "connections closed because of bytes beyond a response");
    }

    private long say(long before, long now, String what) {
      if (now > before) {
        log.accept("pool " + name + ": " + what + ": " + (now - before));
      }
      return now;
    }
  }
}
