package dev.limpet.jetty;

import dev.limpet.core.Affinity;
import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A proxy for {@code benchmarks/proxy-cost.sh}. */
final class CostProxy {
  private CostProxy() {}

  /**
   * Starts a proxy.
   *
   * @param args the mode, the port to listen at, and the ports of the backends
   */
  public static void main(String[] args) throws Exception {
    String[] ports = Arrays.copyOfRange(args, 2, args.length);
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    connector.setPort(Integer.parseInt(args[1]));
    server.addConnector(connector);
    server.setHandler(args[0].equals("bare") ? new Bare(ports) : sticky(args[0], ports));
    server.start();
  }

  private static Handler sticky(String mode, String[] ports) {
    List<Backend> backends = new ArrayList<>();
    for (String port : ports) {
      backends.add(Backend.of("b" + port, "127.0.0.1", Integer.parseInt(port)));
    }
    Pool pool = Pool.builder("web").backends(backends).countConnections().build();
    HttpAffinity<Request, Response> affinity = mode.equals("plain")
        ? HttpAffinity.of(Affinity.<Request>none(), JettyAccess.INSTANCE)
        : LbCookieAffinity.builder(pool, JettyAccess.INSTANCE).build();
    return new StickyProxyHandler(HttpRouter.of(pool, affinity));
  }

  /** Jetty's own proxy, whose backends take turns. */
  private static final class Bare extends ProxyHandler.Reverse {
    private final AtomicInteger turns = new AtomicInteger();
    private final String[] ports;

    Bare(String[] ports) {
      super(Request::getHttpURI);
      this.ports = ports;
    }

    @Override
    protected void configureHttpClient(HttpClient client) {
      super.configureHttpClient(client);
      client.setHttpCookieStore(new HttpCookieStore.Empty());
    }

    @Override
    protected HttpURI rewriteHttpURI(Request request) {
      String port = ports[Math.floorMod(turns.getAndIncrement(), ports.length)];
      return HttpURI.build(request.getHttpURI()).scheme("http").authority("127.0.0.1:" + port);
    }
  }
}
