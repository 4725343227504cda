package dev.limpet.examples.gateway.http;

import dev.limpet.l7.HttpAccess;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/**
 * Reads and writes header fields. Whether cookies are {@code Secure} is said by the configuration.
 */
public final class VertxAccess implements HttpAccess<HttpServerRequest, HttpServerResponse> {

  /** Makes the accessor; it has no state. */
  public VertxAccess() {}

  @Override
  public List<String> requestFields(HttpServerRequest request, String name) {
    return request.headers().getAll(name);
  }

  @Override
  public String target(HttpServerRequest request) {
    return request.uri();
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
