package dev.limpet.undertow;

import dev.limpet.core.Affinity;
import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import io.undertow.Undertow;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.proxy.LoadBalancingProxyClient;
import io.undertow.server.handlers.proxy.ProxyHandler;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A proxy for {@code benchmarks/proxy-cost.sh}. */
final class CostProxy {
  private static final int CONNECTIONS = 1000;

  private CostProxy() {}

  /**
   * Starts a proxy.
   *
   * @param args the mode, the port to listen at, and the ports of the backends
   */
  public static void main(String[] args) {
    String[] ports = Arrays.copyOfRange(args, 2, args.length);
    HttpHandler handler = args[0].equals("bare") ? bare(ports) : sticky(args[0], ports);
    Undertow.builder()
        .addHttpListener(Integer.parseInt(args[1]), "127.0.0.1")
        .setHandler(handler)
        .build()
        .start();
  }

  private static HttpHandler bare(String[] ports) {
    LoadBalancingProxyClient client =
        new LoadBalancingProxyClient().setConnectionsPerThread(CONNECTIONS);
    for (String port : ports) {
      client.addHost(URI.create("http://127.0.0.1:" + port));
    }
    return ProxyHandler.builder().setProxyClient(client).build();
  }

  private static HttpHandler sticky(String mode, String[] ports) {
    List<Backend> backends = new ArrayList<>();
    for (String port : ports) {
      backends.add(Backend.of("b" + port, "127.0.0.1", Integer.parseInt(port)));
    }
    Pool pool = Pool.builder("web").backends(backends).countConnections().build();
    HttpAffinity<HttpServerExchange, HttpServerExchange> affinity = mode.equals("plain")
        ? HttpAffinity.of(Affinity.<HttpServerExchange>none(), UndertowAccess.INSTANCE)
        : LbCookieAffinity.builder(pool, UndertowAccess.INSTANCE).build();
    return StickyProxy.builder(HttpRouter.of(pool, affinity))
        .connectionsPerThread(CONNECTIONS)
        .handler();
  }
}
