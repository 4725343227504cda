package dev.limpet.spring.gateway;

import java.util.List;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketSession;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Keeps the exchange of a WebSocket until the tunnel ends, and tells {@link StickyWebSocketClient}
 * about it.
 *
 * @param service does the handshake
 */
record StickyWebSocketService(WebSocketService service) implements WebSocketService {

  @Override
  public Mono<Void> handleRequest(ServerWebExchange exchange, WebSocketHandler handler) {
    StickyRequest request = StickyRequest.of(exchange);
    if (request == null || request.sticky() == null) {
      return service.handleRequest(exchange, handler);
    }
    request.beginUpgrade();
    return service.handleRequest(exchange, new Tunnel(handler, request));
  }

  private record Tunnel(WebSocketHandler handler, StickyRequest request)
      implements WebSocketHandler {

    @Override
    public List<String> getSubProtocols() {
      return handler.getSubProtocols();
    }

    @Override
    public Mono<Void> handle(WebSocketSession session) {
      return Mono.defer(() -> {
            request.beginTunnel();
            return handler.handle(session);
          })
          .contextWrite(context -> context.put(StickyRequest.class, request))
          .doFinally(signal -> request.endTunnel());
    }
  }
}
