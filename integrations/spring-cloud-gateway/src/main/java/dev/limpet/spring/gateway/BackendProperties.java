package dev.limpet.spring.gateway;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code limpet.pools.<name>.backends[].*}.
 *
 * @param id the id; required
 * @param address {@code host:port}; required
 * @param scheme {@code http} or {@code https}
 * @param weight the share of new sessions, 0..256
 * @param maxConnections the maximum number of requests at a time; null for that of the pool
 * @param tier 0 for the first
 * @param drain whether it takes no new sessions
 */
record BackendProperties(
    @Nullable String id,
    @Nullable String address,
    @DefaultValue("http") String scheme,
    @DefaultValue("1") int weight,
    @Nullable Integer maxConnections,
    @DefaultValue("0") int tier,
    @DefaultValue("false") boolean drain) {}
