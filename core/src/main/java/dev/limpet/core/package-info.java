/**
 * Routes the requests of one session to one backend.
 *
 * <p>Nothing here starts a thread, reads the wall clock, or opens a connection.
 */
@NullMarked
package dev.limpet.core;

import org.jspecify.annotations.NullMarked;
