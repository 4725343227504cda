/** Limpet in a program of your own. */
@NullMarked
package dev.limpet.examples.embedding;

import org.jspecify.annotations.NullMarked;
