package dev.limpet.spring.gateway;

import dev.limpet.l7.StickyExchange;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * A client's request from its receipt to its end, with the sticky exchange that it has meanwhile.
 * For one thread at a time, except {@link #end}.
 */
final class StickyRequest {
  /*
   * The request is over when WebFlux has written the response, failed, or was cancelled. A
   * WebSocket goes on after that, because WebFlux is done with the handshake. So a tunnel takes the
   * exchange over, and closes it at its own end.
   *
   * The cookie is set when the response is committed, if the response is the backend's: a fallback
   * of a circuit breaker answers the same exchange from another route. By then, a Retry filter has
   * made its last attempt, so an exchange has one response however often the request was sent.
   */

  private static final String ATTRIBUTE = StickyRequest.class.getName();

  private final ServerHttpRequest request;
  private @Nullable StickyPool<ServerHttpRequest, ServerHttpResponse> pool;
  private volatile @Nullable StickyExchange<ServerHttpRequest, ServerHttpResponse> sticky;
  private volatile boolean isOver;
  private volatile boolean isTunnel;
  private boolean isUpgrading;
  private boolean isCommitWatched;
  private @Nullable Object answer;

  private StickyRequest(ServerHttpRequest request) {
    this.request = request;
  }

  /** Remembers a request as it is now. */
  static StickyRequest receive(ServerWebExchange exchange) {
    StickyRequest received = new StickyRequest(exchange.getRequest());
    exchange.getAttributes().put(ATTRIBUTE, received);
    return received;
  }

  /** Returns the request of an exchange; null if it was not remembered. */
  static @Nullable StickyRequest of(ServerWebExchange exchange) {
    return exchange.getAttribute(ATTRIBUTE);
  }

  /** Returns the pool that the request goes to; null if none yet. */
  @Nullable
  StickyPool<ServerHttpRequest, ServerHttpResponse> pool() {
    return pool;
  }

  /** Returns the present exchange; null before the first one. */
  @Nullable
  StickyExchange<ServerHttpRequest, ServerHttpResponse> sticky() {
    return sticky;
  }

  /**
   * Begins an exchange with a pool. If the request has one with this pool, because a filter repeats
   * it, this returns the same.
   */
  @SuppressWarnings("ReferenceEquality") // there is one object for each pool
  Mono<StickyExchange<ServerHttpRequest, ServerHttpResponse>> begin(
      ServerWebExchange exchange, StickyPool<ServerHttpRequest, ServerHttpResponse> target) {
    StickyExchange<ServerHttpRequest, ServerHttpResponse> present = sticky;
    if (present != null && pool == target) {
      return Mono.just(present);
    }
    if (present != null) {
      present.close();
      sticky = null;
    }
    pool = target;
    watchCommit(exchange);
    return EventLoop.await(
        target.router().beginAsync(new ReceivedRequest(request)).thenApply(this::hold), request);
  }

  /** Remembers the backend's response. A filter may still replace it by that of another route. */
  void answered(ServerWebExchange exchange) {
    answer = exchange.getAttribute(ServerWebExchangeUtils.CLIENT_RESPONSE_ATTR);
  }

  /** Ends the request. If it has become a tunnel, the exchange stays open until that ends. */
  void end() {
    if (!isTunnel) {
      close();
    }
  }

  /** The response will be that of a WebSocket's handshake. */
  void beginUpgrade() {
    isUpgrading = true;
  }

  /** The handshake is done, and the request becomes a tunnel. */
  void beginTunnel() {
    isTunnel = true;
  }

  /** The connections of the tunnel are closed. */
  void endTunnel() {
    close();
  }

  /**
   * Holds an exchange, which may arrive when the client has gone, or after another one if a filter
   * has repeated the request meanwhile.
   */
  private StickyExchange<ServerHttpRequest, ServerHttpResponse> hold(
      StickyExchange<ServerHttpRequest, ServerHttpResponse> begun) {
    StickyExchange<ServerHttpRequest, ServerHttpResponse> earlier = sticky;
    if (earlier != null) {
      begun.close();
      return earlier;
    }
    sticky = begun;
    if (isOver) {
      begun.close();
    }
    return begun;
  }

  private void close() {
    isOver = true;
    StickyExchange<ServerHttpRequest, ServerHttpResponse> held = sticky;
    if (held != null) {
      held.close();
    }
  }

  private void watchCommit(ServerWebExchange exchange) {
    if (!isCommitWatched) {
      isCommitWatched = true;
      exchange.getResponse().beforeCommit(() -> Mono.defer(() -> respond(exchange)));
    }
  }

  @SuppressWarnings("ReferenceEquality") // a response is itself
  private Mono<Void> respond(ServerWebExchange exchange) {
    StickyExchange<ServerHttpRequest, ServerHttpResponse> held = sticky;
    if (held == null || held.backend() == null) {
      return Mono.empty();
    }
    Object sent = exchange.getAttribute(ServerWebExchangeUtils.CLIENT_RESPONSE_ATTR);
    if (sent != null && sent == answer) {
      return EventLoop.await(held.respondedAsync(exchange.getResponse()), request);
    }
    return (isUpgrading && isHandshake(exchange.getResponse().getStatusCode()))
        ? respondToHandshake(held, exchange.getResponse())
        : Mono.empty();
  }

  /**
   * Sets or learns the cookie of a handshake. The backend has not been connected to yet, so its
   * health is reported later.
   */
  private Mono<Void> respondToHandshake(
      StickyExchange<ServerHttpRequest, ServerHttpResponse> held, ServerHttpResponse response) {
    return (pool == null)
        ? Mono.empty()
        : EventLoop.await(
            pool.affinity().onResponseAsync(held.request(), held.route(), response), request);
  }

  /** Nobody sets the status of a handshake, so it is that of any new response. */
  private static boolean isHandshake(@Nullable HttpStatusCode status) {
    return status == null || !status.isError();
  }
}
