/**
 * Measures the cost of Limpet's hot paths. Each benchmark answers the question in its
 * documentation. Publish its numbers together with the machine, the JDK, the command and the bytes
 * per operation.
 */
@NullMarked
package dev.limpet.benchmarks;

import org.jspecify.annotations.NullMarked;
