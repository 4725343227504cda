package dev.limpet.spring.gateway;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;

/** A request as it was received, whatever filters change in it later. */
final class ReceivedRequest extends ServerHttpRequestDecorator {
  private final HttpHeaders headers;

  ReceivedRequest(ServerHttpRequest request) {
    super(request);
    HttpHeaders copy = new HttpHeaders();
    copy.addAll(request.getHeaders());
    this.headers = HttpHeaders.readOnlyHttpHeaders(copy);
  }

  @Override
  public HttpHeaders getHeaders() {
    return headers;
  }
}
