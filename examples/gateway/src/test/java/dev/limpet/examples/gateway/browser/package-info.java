/** The console in a real browser, in front of a gateway of its own process. */
@NullMarked
package dev.limpet.examples.gateway.browser;

import org.jspecify.annotations.NullMarked;
