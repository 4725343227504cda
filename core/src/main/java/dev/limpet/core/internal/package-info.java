/** Code that Limpet's own modules share. Not part of the API. */
@NullMarked
package dev.limpet.core.internal;

import org.jspecify.annotations.NullMarked;
