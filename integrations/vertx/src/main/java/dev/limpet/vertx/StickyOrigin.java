package dev.limpet.vertx;

import static java.util.Objects.requireNonNull;

import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.StickyExchange;
import dev.limpet.vertx.internal.http.Preflight;
import dev.limpet.vertx.internal.net.Stages;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.OriginRequestProvider;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Makes a proxy of Vert.x HttpProxy sticky: chooses the origin of each request, tries the next one
 * after a failed connect, and sets or learns the cookie.
 *
 * <pre>{@code
 * HttpRouter<HttpServerRequest, ProxyResponse> router =
 *     HttpRouter.of(pool, LbCookieAffinity.builder(pool, StickyOrigin.access()).build());
 * HttpProxy proxy = StickyOrigin.install(HttpProxy.reverseProxy(client), router);
 * vertx.createHttpServer().requestHandler(proxy).listen(8080);
 * }</pre>
 *
 * <p>Backends are reached by the proxy's {@link io.vertx.core.http.HttpClient}. Its options say how
 * long a connect may take ({@link io.vertx.core.http.HttpClientOptions#setConnectTimeout}, 60 s by
 * default, which is too long for a failover) and, for backends of the scheme https, whom it trusts.
 * Its {@link io.vertx.core.http.PoolOptions} say how many connections of HTTP/1.1 it opens to each
 * backend, 5 by default: far too few for WebSockets, each of which takes one. Requests beyond them
 * wait, without a limit unless {@link io.vertx.core.http.PoolOptions#setMaxWaitQueueSize} sets one.
 *
 * <p>A WebSocket goes to the next backend as well. A route is open until the response has been sent
 * or has failed, and the request was read; with a WebSocket, until its tunnel has ended. If another
 * interceptor fails on the response of a WebSocket, that is until its backend closes. No handler of
 * the request and of the response is used. But the handler for the close of a connection is: that
 * of the client's if a body is still received after its response, and that of the backend's with a
 * WebSocket.
 *
 * <p>The failure of a connection before the response is reported to a pool with {@linkplain
 * dev.limpet.core.PassiveHealth passive health}, and so are a timeout of the client and a stream of
 * HTTP/2 that the backend resets. Not so the close of a connection that had served another request,
 * because its backend may just have closed it as it was idle.
 *
 * <p>What HttpProxy does not do is not added: forwarded fields, early hints, back-pressure in
 * tunnels, and the body of an upload by HTTP/2 that has no {@code Content-Length}, which is lost.
 * {@link StickyHttpProxy} has these. CONNECT is answered 501. Do not give {@link
 * io.vertx.httpproxy.ProxyOptions#setCacheOptions} to the proxy: it would cache cookies of
 * sessions.
 *
 * <p>Runs on the context of each request. In a worker verticle, it serves requests, but no
 * WebSockets. Needs {@code vertx-http-proxy}.
 */
public final class StickyOrigin {
  private static final int NOT_IMPLEMENTED = 501;

  private StickyOrigin() {}

  /**
   * {@return an access for a router that is installed; stateless}
   *
   * <p>A request is secure if its connection uses TLS.
   */
  public static HttpAccess<HttpServerRequest, ProxyResponse> access() {
    return new OriginAccess();
  }

  /**
   * Sets the origin of a proxy, and adds an interceptor. Install the router before other
   * interceptors are added: it sees requests as they were received, and responses as they are sent.
   *
   * @param proxy the proxy
   * @param router chooses the backends
   * @return the same proxy
   */
  public static HttpProxy install(
      HttpProxy proxy, HttpRouter<HttpServerRequest, ProxyResponse> router) {
    Installed installed = new Installed(requireNonNull(router, "router"));
    return proxy.addInterceptor(installed, true).origin(installed);
  }

  private static final class Installed implements ProxyInterceptor, OriginRequestProvider {
    private final HttpRouter<HttpServerRequest, ProxyResponse> router;
    private final ServedConnections served = new ServedConnections();

    Installed(HttpRouter<HttpServerRequest, ProxyResponse> router) {
      this.router = router;
    }

    @Override
    public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
      HttpServerRequest request = context.request().proxiedRequest();
      if (request.method().equals(HttpMethod.CONNECT)) {
        return Future.succeededFuture(
            context.request().release().response().setStatusCode(NOT_IMPLEMENTED));
      }
      return Stages.here(begin(request))
          .onFailure(
              cause -> ((HttpServerRequestInternal) request).context().reportException(cause))
          .compose(exchange -> OriginRequest.of(context, exchange, served).send());
    }

    /** A CORS preflight keeps no session. */
    private CompletionStage<StickyExchange<HttpServerRequest, ProxyResponse>> begin(
        HttpServerRequest request) {
      try {
        return Preflight.is(request)
            ? CompletableFuture.completedStage(router.beginUnbound(request))
            : router.beginAsync(request);
      } catch (RuntimeException e) {
        return CompletableFuture.failedStage(e);
      }
    }

    @Override
    public Future<HttpClientRequest> create(ProxyContext context) {
      return OriginRequest.in(context).connect();
    }

    @Override
    public Future<Void> handleProxyResponse(ProxyContext context) {
      return OriginRequest.isIn(context)
          ? OriginRequest.in(context).respond()
          : context.sendResponse();
    }
  }
}
