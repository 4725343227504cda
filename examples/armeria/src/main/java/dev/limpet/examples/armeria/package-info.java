/** A client of Armeria whose sessions stick to their endpoints. */
@NullMarked
package dev.limpet.examples.armeria;

import org.jspecify.annotations.NullMarked;
