/**
 * Sticky tables that a fleet of proxies shares, on Redis or Valkey.
 *
 * <p>The store is a hint, never a promise: every call has a deadline, and without an answer a session is served by
 * what this process knows of it, or else by the rendezvous choice of its key.
 */
@NullMarked
package dev.limpet.redis;

import org.jspecify.annotations.NullMarked;
