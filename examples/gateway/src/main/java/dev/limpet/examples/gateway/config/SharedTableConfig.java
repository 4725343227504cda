package dev.limpet.examples.gateway.config;

import java.time.Duration;

/**
 * Where a pool shares its table with other gateways.
 *
 * @param redis the Redis or Valkey that has the table
 * @param deadline how long a request waits for it at most
 */
public record SharedTableConfig(RedisAddress redis, Duration deadline) {}
