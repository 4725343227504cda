/**
 * What Limpet's hot paths cost. Each benchmark answers the one question of its documentation;
 * publish its numbers together with machine, JDK, command and bytes per operation.
 */
@NullMarked
package dev.limpet.benchmarks;

import org.jspecify.annotations.NullMarked;
