/** A channel of grpc-java whose calls stick to the backends of their sessions. */
@NullMarked
package dev.limpet.examples.grpc;

import org.jspecify.annotations.NullMarked;
