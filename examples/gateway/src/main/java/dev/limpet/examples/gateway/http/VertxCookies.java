package dev.limpet.examples.gateway.http;

import dev.limpet.l7.CookieAccess;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/** Reads and writes the header fields that cookies are in. */
public final class VertxCookies implements CookieAccess<HttpServerRequest, HttpServerResponse> {

  /** Makes the accessor; it has no state. */
  public VertxCookies() {}

  @Override
  public List<String> cookies(HttpServerRequest request) {
    return request.headers().getAll("cookie");
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
