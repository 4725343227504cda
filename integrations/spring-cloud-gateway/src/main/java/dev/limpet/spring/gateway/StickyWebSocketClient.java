package dev.limpet.spring.gateway;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Backend;
import dev.limpet.core.FailureKind;
import dev.limpet.l7.StickyExchange;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.client.WebSocketClient;
import reactor.core.publisher.Mono;

/**
 * Connects a WebSocket to the backend of its session, and to another one if it cannot be reached.
 *
 * @param client connects
 */
record StickyWebSocketClient(WebSocketClient client) implements WebSocketClient {

  @Override
  public Mono<Void> execute(URI url, WebSocketHandler handler) {
    return execute(url, new HttpHeaders(), handler);
  }

  @Override
  public Mono<Void> execute(URI url, HttpHeaders headers, WebSocketHandler handler) {
    return Mono.deferContextual(context -> context.hasKey(StickyRequest.class)
        ? new Attempts(client, url, headers, handler, context.get(StickyRequest.class)).next()
        : client.execute(url, headers, handler));
  }

  /** The attempts of one WebSocket. */
  private record Attempts(
      WebSocketClient client,
      URI url,
      HttpHeaders headers,
      WebSocketHandler handler,
      StickyRequest request) {

    Mono<Void> next() {
      Backend backend = sticky().backend();
      if (backend == null) {
        return Mono.error(NoBackend.failure(pool(), sticky(), sticky().statusWithoutBackend()));
      }
      Opened opened =
          new Opened(handler, () -> pool().router().succeeded(sticky().route()));
      return client
          .execute(at(backend), headers, opened)
          .onErrorResume(error -> opened.isOpen() ? Mono.error(error) : afterFailure(error));
    }

    private Mono<Void> afterFailure(Throwable error) {
      if (Failures.isOfConnect(error)) {
        return EventLoop.await(sticky().connectFailedAsync(), sticky().request())
            .flatMap(connectable -> next());
      }
      FailureKind kind = Failures.kind(error);
      if (kind != null) {
        sticky().failed(kind);
      }
      return Mono.error(error);
    }

    private URI at(Backend backend) {
      boolean isSecure = backend.scheme().equals("https") || "wss".equals(url.getScheme());
      return Targets.at(backend, isSecure ? "wss" : "ws", url);
    }

    private StickyExchange<ServerHttpRequest, ServerHttpResponse> sticky() {
      return requireNonNull(request.sticky(), "sticky");
    }

    private StickyPool<ServerHttpRequest, ServerHttpResponse> pool() {
      return requireNonNull(request.pool(), "pool");
    }
  }

  /** A handler that notices when the backend has accepted the WebSocket. */
  private static final class Opened implements WebSocketHandler {
    private final WebSocketHandler handler;
    private final Runnable listener;
    private final AtomicBoolean open = new AtomicBoolean();

    Opened(WebSocketHandler handler, Runnable listener) {
      this.handler = handler;
      this.listener = listener;
    }

    boolean isOpen() {
      return open.get();
    }

    @Override
    public List<String> getSubProtocols() {
      return handler.getSubProtocols();
    }

    @Override
    public Mono<Void> handle(WebSocketSession session) {
      open.set(true);
      listener.run();
      return handler.handle(session);
    }
  }
}
