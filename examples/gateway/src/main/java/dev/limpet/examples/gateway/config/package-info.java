/**
 * Reads the gateway's YAML file.
 *
 * <p>Start at {@link dev.limpet.examples.gateway.config.ConfigReader}: it returns a {@link
 * dev.limpet.examples.gateway.config.GatewayConfig}, or all faults of the file, each with its line.
 * {@link dev.limpet.examples.gateway.config.ConfigChange} computes the effect of a changed file on
 * a running gateway.
 */
@NullMarked
package dev.limpet.examples.gateway.config;

import org.jspecify.annotations.NullMarked;
