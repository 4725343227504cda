package dev.limpet.spring.gateway;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code limpet.pools.<name>.shared-table.*}.
 *
 * @param redis the URI of a Redis or Valkey, which may contain a password; required
 * @param cluster whether the URI names nodes of a cluster
 * @param deadline the longest wait for a call
 */
record SharedTableProperties(
    @Nullable Secret redis,
    @DefaultValue("false") boolean cluster,
    @DefaultValue("20ms") Duration deadline) {}
