/**
 * Meters of routers, pools, tables and stores, for Micrometer.
 *
 * <p>{@link dev.limpet.micrometer.LimpetMetrics} is all that most programs need. Nothing happens on
 * the path of a request: meters read the statistics that routers and pools have anyway.
 */
@NullMarked
package dev.limpet.micrometer;

import org.jspecify.annotations.NullMarked;
