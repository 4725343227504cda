/**
 * Affinity by a key: {@link KeyAffinity} binds the key of a {@link dev.limpet.core.KeyExtractor} in
 * a table, and a {@link Quota} limits how many sessions one side may bind.
 */
@NullMarked
package dev.limpet.core.affinity;

import org.jspecify.annotations.NullMarked;
