/** A relay on Netty alone: the least that a proxy on the JVM costs. */
@NullMarked
package dev.limpet.benchmarks.relay;

import org.jspecify.annotations.NullMarked;
