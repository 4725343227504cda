/**
 * What the gateway reads from its YAML file.
 *
 * <p>Start at {@link dev.limpet.examples.gateway.config.ConfigReader}: it gives a {@link
 * dev.limpet.examples.gateway.config.GatewayConfig} or all that is wrong with the file, each fault
 * with its line. {@link dev.limpet.examples.gateway.config.ConfigChange} tells what a changed file
 * means for a gateway that runs.
 */
@NullMarked
package dev.limpet.examples.gateway.config;

import org.jspecify.annotations.NullMarked;
