/** What operators see and change of a running gateway, whatever they use to do it. */
@NullMarked
package dev.limpet.examples.gateway.operate;

import org.jspecify.annotations.NullMarked;
