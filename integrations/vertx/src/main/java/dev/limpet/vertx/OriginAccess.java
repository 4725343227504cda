package dev.limpet.vertx;

import dev.limpet.l7.HttpAccess;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.httpproxy.ProxyResponse;
import java.util.List;

/** Reads requests and reads and writes responses of Vert.x HttpProxy. */
final class OriginAccess implements HttpAccess<HttpServerRequest, ProxyResponse> {
  private final VertxAccess requests = new VertxAccess();

  @Override
  public List<String> requestFields(HttpServerRequest request, String name) {
    return requests.requestFields(request, name);
  }

  @Override
  public String target(HttpServerRequest request) {
    return requests.target(request);
  }

  @Override
  public String method(HttpServerRequest request) {
    return requests.method(request);
  }

  @Override
  public boolean isSecure(HttpServerRequest request) {
    return requests.isSecure(request);
  }

  @Override
  public int status(ProxyResponse response) {
    return response.getStatusCode();
  }

  @Override
  public List<String> fields(ProxyResponse response, String name) {
    return response.headers().getAll(name);
  }

  @Override
  public void setFields(ProxyResponse response, String name, List<String> values) {
    response.headers().remove(name).add(name, values);
  }
}
