package dev.limpet.jetty;

import dev.limpet.core.Pool;
import dev.limpet.core.StickySession;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** A server at a free port. */
@SuppressWarnings("try") // a server that is stopped may be interrupted
final class TestProxy implements AutoCloseable {
  private final Server server;
  private final ServerConnector connector;

  private TestProxy(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  static TestProxy start(Handler handler) throws Exception {
    Server server = new Server(new QueuedThreadPool(16));
    ServerConnector connector = new ServerConnector(server, 1, 1);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(handler);
    server.setStopTimeout(0);
    server.start();
    return new TestProxy(server, connector);
  }

  static HttpRouter<Request, Response> router(Pool pool, StickySession session) {
    return HttpRouter.of(pool, affinity(pool, session));
  }

  static HttpRouter<Request, Response> router(Pool pool) {
    return router(pool, StickySession.lbCookie());
  }

  int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }

  private static HttpAffinity<Request, Response> affinity(Pool pool, StickySession session) {
    return (session.type() == StickySession.Type.APP_COOKIE)
        ? AppCookieAffinity.builder(JettyAccess.INSTANCE).session(session).build()
        : LbCookieAffinity.builder(pool, JettyAccess.INSTANCE).session(session).build();
  }
}
