package dev.limpet.undertow;

import dev.limpet.l7.HttpRouter;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.proxy.ProxyHandler;

/**
 * Makes reverse proxies of Undertow that keep each session on its backend.
 *
 * <pre>{@code
 * HttpRouter<HttpServerExchange, HttpServerExchange> router = HttpRouter.of(
 *     pool, LbCookieAffinity.builder(pool, UndertowAccess.INSTANCE).keys(keys).build());
 * HttpHandler proxy = StickyProxy.handler(router);
 * }</pre>
 */
public final class StickyProxy {
  private StickyProxy() {}

  /**
   * {@return a proxy with default settings}
   *
   * @param router routes the requests, with {@link UndertowAccess}
   * @throws IllegalArgumentException if a backend of the pool cannot be reached by HTTP without TLS
   */
  public static ProxyHandler handler(HttpRouter<HttpServerExchange, HttpServerExchange> router) {
    return builder(router).handler();
  }

  /**
   * {@return a builder of a proxy}
   *
   * @param router routes the requests, with {@link UndertowAccess}
   */
  public static StickyProxyBuilder builder(
      HttpRouter<HttpServerExchange, HttpServerExchange> router) {
    return new StickyProxyBuilder(router);
  }
}
