package dev.limpet.examples.gateway.config;

/**
 * A health check by HTTP.
 *
 * @param path the target of the request: a path, with or without a query
 * @param expect the statuses of a healthy backend
 */
public record HttpCheckConfig(String path, StatusRanges expect) {}
