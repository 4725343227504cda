/**
 * Events of sessions and drains for the JDK Flight Recorder. {@link dev.limpet.jfr.JfrEvents} emits
 * them.
 */
@NullMarked
package dev.limpet.jfr;

import org.jspecify.annotations.NullMarked;
