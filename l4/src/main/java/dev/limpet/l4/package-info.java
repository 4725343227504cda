/** Affinity by source address. */
@NullMarked
package dev.limpet.l4;

import org.jspecify.annotations.NullMarked;
