/**
 * Loads proxies at a constant rate, as {@link dev.limpet.benchmarks.load.Latency} describes.
 */
@NullMarked
package dev.limpet.benchmarks.load;

import org.jspecify.annotations.NullMarked;
