/**
 * Sticky sessions in the proxy of Undertow: {@link dev.limpet.undertow.StickyProxy}.
 *
 * <pre>{@code
 * HttpHandler proxy = StickyProxy.builder(router).connectTimeout(Duration.ofSeconds(2)).handler();
 * Undertow.builder().addHttpListener(8080, "0.0.0.0").setHandler(proxy).build().start();
 * }</pre>
 */
@NullMarked
package dev.limpet.undertow;

import org.jspecify.annotations.NullMarked;
