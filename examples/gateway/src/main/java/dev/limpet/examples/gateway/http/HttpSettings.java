package dev.limpet.examples.gateway.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a listener treats requests.
 *
 * @param responseTimeout how long a backend may keep a request waiting; null for ever
 * @param isMcp whether requests are of the Model Context Protocol, whose clients expect errors in
 *     JSON
 */
public record HttpSettings(@Nullable Duration responseTimeout, boolean isMcp) {}
