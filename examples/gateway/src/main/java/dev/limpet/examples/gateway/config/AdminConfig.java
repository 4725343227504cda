package dev.limpet.examples.gateway.config;

import org.jspecify.annotations.Nullable;

/**
 * The port for operators.
 *
 * @param host the name or address to bind, an IPv6 address without brackets; without a token, one
 *     of this host's own
 * @param port 0..65535; 0 for any free port
 * @param token what requests must bear, in ASCII; null for nothing
 */
public record AdminConfig(String host, int port, @Nullable Secret token) {}
