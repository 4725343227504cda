/** The operations of operators on a running gateway, for the console and the API. */
@NullMarked
package dev.limpet.examples.gateway.operate;

import org.jspecify.annotations.NullMarked;
