package dev.limpet.examples.gateway.config;

/**
 * A key of the LB cookies' key ring.
 *
 * @param id its number, 0..31
 * @param secret 32 bytes or more
 * @param signing whether it signs new tokens; the others only verify
 */
public record CookieSecret(int id, Secret secret, boolean signing) {}
