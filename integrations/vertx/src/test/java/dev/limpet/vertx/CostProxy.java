package dev.limpet.vertx;

import dev.limpet.core.Affinity;
import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.httpproxy.HttpProxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A proxy for {@code benchmarks/proxy-cost.sh}. */
final class CostProxy {
  private static final int CONNECTIONS = 1000;

  private CostProxy() {}

  /**
   * Starts a proxy on HttpProxy; with a mode that begins with {@code own}, a {@link
   * StickyHttpProxy}.
   *
   * @param args the mode, the port to listen at, and the ports of the backends
   */
  public static void main(String[] args) {
    String[] ports = Arrays.copyOfRange(args, 2, args.length);
    Vertx vertx = Vertx.vertx();
    var unused = vertx
        .createHttpServer(StickyHttpProxy.serverOptions())
        .requestHandler(handler(vertx, args[0], ports))
        .listen(Integer.parseInt(args[1]), "127.0.0.1");
  }

  private static Handler<HttpServerRequest> handler(Vertx vertx, String mode, String[] ports) {
    HttpClient client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(CONNECTIONS));
    return switch (mode) {
      case "bare" -> bare(client, ports);
      case "plain", "lb-cookie" -> {
        Pool pool = pool(ports);
        yield StickyOrigin.install(
            HttpProxy.reverseProxy(client),
            HttpRouter.of(pool, affinity(mode, pool, StickyOrigin.access())));
      }
      default -> {
        Pool pool = pool(ports);
        yield StickyHttpProxy.builder(
                vertx,
                HttpRouter.of(
                    pool, affinity(mode.substring("own-".length()), pool, new VertxAccess())))
            .build();
      }
    };
  }

  private static HttpProxy bare(HttpClient client, String[] ports) {
    List<SocketAddress> backends = new ArrayList<>();
    for (String port : ports) {
      backends.add(SocketAddress.inetSocketAddress(Integer.parseInt(port), "127.0.0.1"));
    }
    AtomicInteger turns = new AtomicInteger();
    return HttpProxy.reverseProxy(client)
        .origin(context -> context
            .client()
            .request(new RequestOptions()
                .setServer(backends.get(Math.floorMod(turns.getAndIncrement(), backends.size())))));
  }

  private static Pool pool(String[] ports) {
    List<Backend> backends = new ArrayList<>();
    for (String port : ports) {
      backends.add(Backend.of("b" + port, "127.0.0.1", Integer.parseInt(port)));
    }
    return Pool.builder("web").backends(backends).countConnections().build();
  }

  private static <Q, S> HttpAffinity<Q, S> affinity(
      String mode, Pool pool, HttpAccess<Q, S> access) {
    return mode.equals("plain")
        ? HttpAffinity.of(Affinity.<Q>none(), access)
        : LbCookieAffinity.builder(pool, access).build();
  }
}
