package dev.limpet.examples.gateway.http;

import dev.limpet.l7.HttpAccess;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/** Reads and writes header fields, and asks trusted proxies whether a client uses TLS. */
public final class VertxAccess implements HttpAccess<HttpServerRequest, HttpServerResponse> {
  private final boolean asksProxies;

  /** Makes an accessor. */
  public VertxAccess() {
    this(true);
  }

  private VertxAccess(boolean asksProxies) {
    this.asksProxies = asksProxies;
  }

  /** Returns an accessor for which no request is secure, whatever proxies say. */
  public static VertxAccess neverSecure() {
    return new VertxAccess(false);
  }

  @Override
  public List<String> requestFields(HttpServerRequest request, String name) {
    return request.headers().getAll(name);
  }

  @Override
  public String target(HttpServerRequest request) {
    return request.uri();
  }

  @Override
  public String method(HttpServerRequest request) {
    return request.method().name();
  }

  /** Returns whether a trusted proxy says so; the configuration says it of the listener itself. */
  @Override
  public boolean isSecure(HttpServerRequest request) {
    return asksProxies && ClientAddress.isSecure(request);
  }

  @Override
  public int status(HttpServerResponse response) {
    return response.getStatusCode();
  }

  @Override
  public List<String> fields(HttpServerResponse response, String name) {
    return response.headers().getAll(name);
  }

  @Override
  public void setFields(HttpServerResponse response, String name, List<String> values) {
    response.headers().remove(name).add(name, values);
  }
}
