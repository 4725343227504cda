package dev.limpet.examples.gateway;

import dev.limpet.core.Pool;
import dev.limpet.vertx.BackendConnector;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Reports faults of backends: at each look, one line for each kind of fault that a pool has had
 * since the last one.
 */
final class BackendReport {
  private final BackendConnector connector;
  private final Map<String, Counts> pools = new TreeMap<>();
  private final Consumer<String> log;

  BackendReport(BackendConnector connector, Consumer<String> log) {
    this.connector = connector;
    this.log = log;
  }

  /** Reports the faults of a pool from now on. */
  synchronized void add(Pool pool) {
    pools.put(pool.name(), new Counts(pool));
  }

  /** Reports the faults that were counted since the last look. */
  synchronized void look() {
    pools.values().forEach(Counts::look);
  }

  private final class Counts {
    private final Pool pool;
    private long timeouts;
    private long surpluses;

    Counts(Pool pool) {
      this.pool = pool;
    }

    void look() {
      timeouts = say(
          timeouts, connector.timeouts(pool), "requests without a response within responseTimeout");
      surpluses = say(
          surpluses,
          connector.surpluses(pool),
          "connections closed because of bytes beyond a response");
    }

    private long say(long before, long now, String what) {
      if (now > before) {
        log.accept("pool " + pool.name() + ": " + what + ": " + (now - before));
      }
      return now;
    }
  }
}
