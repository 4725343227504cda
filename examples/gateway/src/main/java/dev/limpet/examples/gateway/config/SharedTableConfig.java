package dev.limpet.examples.gateway.config;

import java.time.Duration;

/**
 * The store in which a pool shares its table with other gateways.
 *
 * @param redis the Redis or Valkey
 * @param deadline the longest time that a request waits for it
 */
public record SharedTableConfig(RedisAddress redis, Duration deadline) {}
