package dev.limpet.examples.gateway;

import dev.limpet.core.PoolSnapshot;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.config.PoolChange;
import dev.limpet.examples.gateway.operate.Preview;
import java.time.Duration;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Puts changes of the configuration into effect in a running gateway. */
interface Effects {
  /** Puts a pool's changed backends, weights and drains into effect, in one edit. */
  void apply(PoolChange change);

  /**
   * Changes how sessions stick.
   *
   * @param wanted the configuration from now on
   * @param owners the pools or, in the profile classic, the listeners whose sessions stick in
   *     another way
   */
  void restick(GatewayConfig wanted, Collection<String> owners);

  /**
   * Returns what {@link #restick} would do to live bindings.
   *
   * @param wanted the configuration
   * @param owner a pool or, in the profile classic, a listener
   */
  Preview.Effect preview(GatewayConfig wanted, String owner);

  /** Returns a pool as it is now. */
  PoolSnapshot snapshot(String pool);

  /**
   * Sets the time after which the operator is told how many sessions a draining backend has left.
   *
   * @param deadline the time from now; null for no deadline
   * @return whether it had a deadline before
   */
  boolean deadline(String pool, String id, @Nullable Duration deadline);
}
