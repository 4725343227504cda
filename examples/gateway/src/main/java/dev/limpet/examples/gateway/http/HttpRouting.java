package dev.limpet.examples.gateway.http;

import dev.limpet.core.Lease;
import dev.limpet.core.Route;
import dev.limpet.l7.HttpRouter;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/**
 * What an exchange asks its router. Called on the request's context, where the futures complete too: at once, if the
 * answer is known at once.
 */
public interface HttpRouting {

  /** Routes a request. The lease is to be closed, also when the client has gone meanwhile. */
  Future<Lease> lease(HttpServerRequest request);

  /** Routes a request again whose connect failed; the lease says where it goes now. */
  Future<Route> reroute(HttpServerRequest request, Lease lease);

  /** Returns the Cookie fields that the backend may see. */
  List<String> cookiesToBackend(HttpServerRequest request);

  /** Handles the final response of a backend before it goes to the client. */
  void onResponse(HttpServerRequest request, Route route, HttpServerResponse response);

  /** Asks a router that answers at once. */
  static HttpRouting of(HttpRouter<HttpServerRequest, HttpServerResponse> router) {
    return new HttpRouting() {
      @Override
      public Future<Lease> lease(HttpServerRequest request) {
        return Future.succeededFuture(router.lease(request));
      }

      @Override
      public Future<Route> reroute(HttpServerRequest request, Lease lease) {
        return Future.succeededFuture(router.reroute(request, lease));
      }

      @Override
      public List<String> cookiesToBackend(HttpServerRequest request) {
        return router.cookiesToBackend(request);
      }

      @Override
      public void onResponse(HttpServerRequest request, Route route, HttpServerResponse response) {
        router.onResponse(request, route, response);
      }
    };
  }
}
