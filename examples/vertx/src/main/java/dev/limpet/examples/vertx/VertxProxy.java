package dev.limpet.examples.vertx;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.vertx.StickyHttpProxy;
import dev.limpet.vertx.VertxAccess;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.List;
import java.util.stream.Stream;

/** A sticky HTTP proxy before given backends, such as localhost:8081, or before two tiny ones. */
public final class VertxProxy {
  private VertxProxy() {}

  public static void main(String... backends) {
    start(Vertx.vertx(), backends)
        .onSuccess(port -> System.out.println("listening at http://localhost:" + port))
        .onFailure(cause -> {
          System.err.println("cannot start: " + cause.getMessage());
          System.exit(1);
        });
  }

  static Future<Integer> start(Vertx vertx, String... backends) {
    List<Future<Backend>> all = (backends.length == 0)
        ? Stream.of("red", "blue").map(id -> tiny(vertx, id)).toList()
        : Stream.of(backends).map(VertxProxy::given).toList();
    return Future.all(all).compose(ready -> serve(vertx, ready.list()));
  }

  private static Future<Integer> serve(Vertx vertx, List<Backend> backends) {
    Pool pool = Pool.builder("web").backends(backends).build();
    var router =
        HttpRouter.of(pool, LbCookieAffinity.builder(pool, new VertxAccess()).build());
    return vertx
        .createHttpServer(StickyHttpProxy.serverOptions())
        .requestHandler(StickyHttpProxy.builder(vertx, router).build())
        .listen(0)
        .map(HttpServer::actualPort);
  }

  private static Future<Backend> given(String address) {
    String[] at = address.split(":(?=[0-9]{1,5}$)", -1);
    return (at.length == 2)
        ? Future.future(p -> p.complete(Backend.of(address, at[0], Integer.parseInt(at[1]))))
        : Future.failedFuture("backend: " + address + " (expected: host:port)");
  }

  private static Future<Backend> tiny(Vertx vertx, String id) {
    return vertx
        .createHttpServer()
        .requestHandler(request -> request.response().end("backend " + id + "\n"))
        .listen(0)
        .map(server -> Backend.of(id, "localhost", server.actualPort()));
  }
}
