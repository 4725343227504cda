package dev.limpet.undertow;

import dev.limpet.core.Pool;
import dev.limpet.core.StickySession;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.net.InetSocketAddress;

/** A server at a free port. */
final class TestProxy implements AutoCloseable {
  private final Undertow server;

  private TestProxy(Undertow server) {
    this.server = server;
  }

  static TestProxy start(HttpHandler handler) {
    return start(2, handler);
  }

  static TestProxy start(int threads, HttpHandler handler) {
    Undertow server = Undertow.builder()
        .setIoThreads(threads)
        .setWorkerThreads(2)
        .addHttpListener(0, "127.0.0.1")
        .setHandler(handler)
        .build();
    server.start();
    return new TestProxy(server);
  }

  static HttpRouter<HttpServerExchange, HttpServerExchange> router(
      Pool pool, StickySession session) {
    return HttpRouter.of(pool, affinity(pool, session));
  }

  static HttpRouter<HttpServerExchange, HttpServerExchange> router(Pool pool) {
    return router(pool, StickySession.lbCookie());
  }

  int port() {
    return ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
  }

  @Override
  public void close() {
    server.stop();
  }

  private static HttpAffinity<HttpServerExchange, HttpServerExchange> affinity(
      Pool pool, StickySession session) {
    return (session.type() == StickySession.Type.APP_COOKIE)
        ? AppCookieAffinity.builder(UndertowAccess.INSTANCE).session(session).build()
        : LbCookieAffinity.builder(pool, UndertowAccess.INSTANCE)
            .session(session)
            .build();
  }
}
