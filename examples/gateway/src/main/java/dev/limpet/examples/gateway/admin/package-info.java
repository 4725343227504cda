/** The port for operators. */
@NullMarked
package dev.limpet.examples.gateway.admin;

import org.jspecify.annotations.NullMarked;
