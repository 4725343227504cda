/** HTTP listeners: one request and its attempts at a time. */
@NullMarked
package dev.limpet.examples.gateway.http;

import org.jspecify.annotations.NullMarked;
