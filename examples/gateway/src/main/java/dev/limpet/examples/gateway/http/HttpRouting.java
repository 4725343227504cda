package dev.limpet.examples.gateway.http;

import dev.limpet.core.Lease;
import dev.limpet.core.Route;
import dev.limpet.examples.gateway.net.Stages;
import dev.limpet.l7.AsyncHttpRouter;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.ResponseRouter;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * How an exchange asks its router. To be asked on the context of the request, where the futures complete: at once, if
 * the answer is known at once. A CORS preflight is routed as a request that keeps no session.
 *
 * @param router the router
 * @param lease routes a request; to be closed, also when the client has gone meanwhile
 * @param reroute routes a request again whose connect failed; the lease says where it goes now
 */
public record HttpRouting(
    ResponseRouter<HttpServerRequest, HttpServerResponse> router,
    Function<HttpServerRequest, Future<Lease>> lease,
    BiFunction<HttpServerRequest, Lease, Future<Route>> reroute) {

  /** Asks a router that answers at once. */
  public static HttpRouting of(HttpRouter<HttpServerRequest, HttpServerResponse> router) {
    return new HttpRouting(
        router,
        request -> Future.succeededFuture(
            Preflight.is(request) ? router.leaseBalanced(request) : router.lease(request)),
        (request, lease) -> Future.succeededFuture(router.reroute(request, lease)));
  }

  /** Asks a router that may take its time. */
  public static HttpRouting of(AsyncHttpRouter<HttpServerRequest, HttpServerResponse> router) {
    return new HttpRouting(
        router,
        request -> Preflight.is(request)
            ? Future.succeededFuture(router.leaseBalanced(request))
            : Stages.here(router.lease(request)),
        (request, lease) -> Stages.here(router.reroute(request, lease)));
  }
}
