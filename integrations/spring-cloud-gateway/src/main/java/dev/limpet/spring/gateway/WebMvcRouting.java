package dev.limpet.spring.gateway;

import dev.limpet.core.Backend;
import dev.limpet.l7.StickyExchange;
import dev.limpet.spring.gateway.WebMvcRequest.RouteTarget;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.server.mvc.common.MvcUtils;
import org.springframework.cloud.gateway.server.mvc.handler.GatewayServerResponse;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Sends a request to the backend of its session, and to another one if it cannot be reached. The
 * counterpart of {@link StickyRouting} for WebMVC.
 */
final class WebMvcRouting {
  /*
   * The gateway's handler reads scheme, host and port of the target from an attribute. So they are
   * set there, and the rest of the chain is run, once for each backend that is tried. The client
   * reads the body when a connection is open. Until then, nothing was sent, and the body can go
   * elsewhere.
   *
   * After an error, the container dispatches the request again, to /error. A route for all paths
   * matches that, too. A backend cannot know what went wrong, so the error is answered here.
   */

  private final StickyPools<HttpServletRequest, ServerResponse> pools;
  private final DiscoveredBackends discovered;

  WebMvcRouting(
      StickyPools<HttpServletRequest, ServerResponse> pools, DiscoveredBackends discovered) {
    this.pools = pools;
    this.discovered = discovered;
  }

  /**
   * Routes a request whose route has the scheme {@code lb} or {@code limpet}, or no URI.
   *
   * @param named the name of the pool; null for the name that the route's URI has
   */
  ServerResponse route(
      ServerRequest request, HandlerFunction<ServerResponse> next, @Nullable String named)
      throws Exception {
    if (request.servletRequest().getDispatcherType() == DispatcherType.ERROR) {
      return error(request);
    }
    WebMvcRequest received = WebMvcRequest.of(request);
    if (received == null) {
      throw new IllegalStateException("request: not received by servlet filters");
    }
    StickyPool<HttpServletRequest, ServerResponse> pool = pool(request, received, named);
    MvcUtils.addOriginalRequestUrl(request, request.uri());
    boolean wasRouting = received.isRouting();
    received.setRouting(true);
    try {
      return attempt(request, next, received, pool);
    } finally {
      received.setRouting(wasRouting);
    }
  }

  private ServerResponse attempt(
      ServerRequest request,
      HandlerFunction<ServerResponse> next,
      WebMvcRequest received,
      StickyPool<HttpServletRequest, ServerResponse> pool)
      throws Exception {
    StickyExchange<HttpServletRequest, ServerResponse> sticky = received.begin(pool);
    for (Backend backend = sticky.backend(); backend != null; backend = sticky.backend()) {
      MvcUtils.setRequestUrl(request, URI.create(backend.scheme() + "://" + backend.authority()));
      try {
        return ofBackend(next.handle(request), request, received);
      } catch (Exception error) {
        if (!WebMvcFailures.isOfConnect(error)) {
          received.fail(request, WebMvcFailures.kind(error));
          throw error;
        }
        WebMvcRequest.await(sticky.connectFailedAsync());
      }
    }
    return noBackend(pool, sticky);
  }

  /** Returns a response that keeps the session, if a backend made it. */
  private static ServerResponse ofBackend(
      ServerResponse response, ServerRequest request, WebMvcRequest received) {
    return (response instanceof GatewayServerResponse made && WebMvcRequest.hasResponse(request))
        ? new WebMvcResponse(made, request, received)
        : response;
  }

  private static ServerResponse error(ServerRequest request) {
    Object status = request.servletRequest().getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    return GatewayServerResponse.status(
            (status instanceof Integer code) ? code : HttpStatus.INTERNAL_SERVER_ERROR.value())
        .build();
  }

  private static ServerResponse noBackend(StickyPool<?, ?> pool, StickyExchange<?, ?> sticky) {
    int status = sticky.statusWithoutBackend();
    if (!pool.isMcp()) {
      throw NoBackend.failure(pool, sticky, status);
    }
    return GatewayServerResponse.status(status)
        .headers(headers -> McpError.setFields(headers, status))
        .build((request, response) -> {
          response.getOutputStream().write(McpError.body(status));
          return null;
        });
  }

  private StickyPool<HttpServletRequest, ServerResponse> pool(
      ServerRequest request, WebMvcRequest received, @Nullable String named) {
    RouteTarget target = received.target();
    if (target == null) {
      return ofJava(request, received, named);
    }
    String name = (named == null) ? target.name() : named;
    return target.isListed() ? pools.listed(name) : following(name, target.name());
  }

  /** Returns the pool of a route that is made in Java. */
  private StickyPool<HttpServletRequest, ServerResponse> ofJava(
      ServerRequest request, WebMvcRequest received, @Nullable String named) {
    URI uri = (URI) request.attribute(MvcUtils.GATEWAY_REQUEST_URL_ATTR).orElse(null);
    boolean isOfOther = uri != null && received.pool() == null;
    if (named == null || isOfOther) {
      throw new IllegalStateException("uri: " + (isOfOther ? uri : "absent")
          + " (expected: lb:// or limpet://, as the route has the filter Limpet)");
    }
    StickyPool<HttpServletRequest, ServerResponse> existing = pools.existing(named);
    return (existing != null && existing.isListed()) ? existing : following(named, named);
  }

  private StickyPool<HttpServletRequest, ServerResponse> following(String name, String service) {
    StickyPool<HttpServletRequest, ServerResponse> pool = pools.pool(name);
    discovered.refresh(pool, service).block();
    return pool;
  }
}
