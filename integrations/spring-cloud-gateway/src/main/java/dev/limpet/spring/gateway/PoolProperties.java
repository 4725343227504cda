package dev.limpet.spring.gateway;

import dev.limpet.core.Failover;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code limpet.pools.<name>.*}.
 *
 * @param algorithm how new sessions are spread
 * @param slowStart the time in which a backend reaches its full weight
 * @param failover what a session gets whose backend cannot serve; null for what suits its type
 * @param returnToEarlierTier whether sessions leave a later tier as soon as an earlier one has room
 * @param maxConnections the maximum number of requests at a time of each backend; 0 for no limit
 * @param stickySession what identifies a session, and how long it lasts
 * @param passiveHealth when a backend is ejected
 * @param sharedTable where gateways share the sessions; null if they do not
 * @param backends the backends, for routes with the scheme {@code limpet}
 */
record PoolProperties(
    @DefaultValue("weighted-round-robin") Algorithm algorithm,
    @DefaultValue("0s") Duration slowStart,
    @Nullable Failover failover,
    @DefaultValue("false") boolean returnToEarlierTier,
    @DefaultValue("0") int maxConnections,
    @DefaultValue StickyProperties stickySession,
    @DefaultValue PassiveHealthProperties passiveHealth,
    @Nullable SharedTableProperties sharedTable,
    @DefaultValue List<BackendProperties> backends) {}
