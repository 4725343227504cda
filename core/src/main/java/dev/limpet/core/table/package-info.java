/**
 * Tables that remember to which backend each session is bound.
 *
 * <p>{@link CompactStickyTable} is the default. {@link CaffeineStickyTable} trades memory for exact
 * expiration. Write your own by implementing {@link dev.limpet.core.StickyTable}.
 */
@NullMarked
package dev.limpet.core.table;

import org.jspecify.annotations.NullMarked;
