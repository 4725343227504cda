/**
 * Sticky connections in proxies that are built on Netty.
 *
 * <p>{@link dev.limpet.netty.StickyConnect} connects a client's channel to the backend of its
 * session. {@link dev.limpet.netty.ClientAddress} finds the address that identifies the session,
 * and {@link dev.limpet.netty.ProxyHeader} takes it from a PROXY header.
 */
@NullMarked
package dev.limpet.netty;

import org.jspecify.annotations.NullMarked;
