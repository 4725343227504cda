/** A sticky HTTP proxy of the JDK alone. */
@NullMarked
package dev.limpet.examples.plain;

import org.jspecify.annotations.NullMarked;
