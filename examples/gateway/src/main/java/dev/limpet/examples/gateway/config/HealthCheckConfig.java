package dev.limpet.examples.gateway.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the backends of a pool are checked.
 *
 * @param interval the interval between two checks of a backend
 * @param timeout how long a check may take: of TCP, the connect to one address; of HTTP, everything
 *     up to the head of the response
 * @param rise how many checks in a row must succeed until a backend that is down counts as up
 * @param fall how many checks in a row must fail until a backend that is up counts as down
 * @param http the request and its expected status; null if a TCP connect is enough
 */
public record HealthCheckConfig(
    Duration interval,
    Duration timeout,
    int rise,
    int fall,
    @Nullable HttpCheckConfig http) {}
