/**
 * The built-in demonstration: a login application on three backends, and a story played with it.
 */
@NullMarked
package dev.limpet.examples.gateway.demo;

import org.jspecify.annotations.NullMarked;
