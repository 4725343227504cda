package dev.limpet.spring.gateway;

import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.cloud.gateway.filter.WebsocketRoutingFilter;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.web.reactive.socket.client.WebSocketClient;
import org.springframework.web.reactive.socket.server.WebSocketService;

/** Replaces the gateway's filter for WebSockets by one that keeps sessions. */
final class StickyWebSockets implements BeanPostProcessor {
  private final ObjectProvider<WebSocketClient> client;
  private final ObjectProvider<WebSocketService> service;
  private final ObjectProvider<List<HttpHeadersFilter>> headers;

  StickyWebSockets(
      ObjectProvider<WebSocketClient> client,
      ObjectProvider<WebSocketService> service,
      ObjectProvider<List<HttpHeadersFilter>> headers) {
    this.client = client;
    this.service = service;
    this.headers = headers;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String name) {
    return bean.getClass().equals(WebsocketRoutingFilter.class)
        ? new WebsocketRoutingFilter(
            new StickyWebSocketClient(client.getObject()),
            new StickyWebSocketService(service.getObject()),
            headers)
        : bean;
  }
}
