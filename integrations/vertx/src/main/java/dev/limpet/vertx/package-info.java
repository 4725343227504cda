/**
 * Sticky sessions in HTTP and TCP proxies on Vert.x.
 *
 * <ul>
 *   <li>{@link dev.limpet.vertx.StickyHttpProxy} and {@link dev.limpet.vertx.StickyTcpProxy} are
 *       whole proxies: handlers of a server's requests and connections.
 *   <li>{@link dev.limpet.vertx.StickyOrigin} makes a proxy of Vert.x HttpProxy sticky.
 *   <li>{@link dev.limpet.vertx.HealthChecks} and {@link dev.limpet.vertx.ClientGuard} are for
 *       either.
 * </ul>
 */
@NullMarked
package dev.limpet.vertx;

import org.jspecify.annotations.NullMarked;
