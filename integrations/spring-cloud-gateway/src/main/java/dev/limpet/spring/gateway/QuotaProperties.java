package dev.limpet.spring.gateway;

import dev.limpet.core.affinity.Quota;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code limpet.pools.<name>.sticky-session.quota.*}.
 *
 * @param percent the share of the table that the addresses of one network may take, 1..100
 * @param newPerSecond the number of new sessions per second, of all addresses together; null for no
 *     limit
 */
record QuotaProperties(
    @DefaultValue("10") int percent, @Nullable Integer newPerSecond) {
  private static final double HUNDRED = 100;

  Quota quota() {
    Quota live = Quota.ofLiveShare(percent / HUNDRED);
    return (newPerSecond == null) ? live : live.andNewPerSecond(newPerSecond);
  }
}
