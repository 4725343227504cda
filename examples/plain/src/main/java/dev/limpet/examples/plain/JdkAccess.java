package dev.limpet.examples.plain;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.limpet.l7.HttpAccess;
import java.util.ArrayList;
import java.util.List;

/** Reads requests of the JDK's server, and responses before they are sent. */
final class JdkAccess implements HttpAccess<HttpExchange, JdkAccess.Response> {

  /** The head of a response. */
  record Response(int status, Headers headers) {}

  @Override
  public List<String> requestFields(HttpExchange request, String name) {
    return request.getRequestHeaders().getOrDefault(name, List.of());
  }

  @Override
  public int status(Response response) {
    return response.status();
  }

  @Override
  public List<String> fields(Response response, String name) {
    return response.headers().getOrDefault(name, List.of());
  }

  @Override
  public void setFields(Response response, String name, List<String> values) {
    response.headers().remove(name);
    if (!values.isEmpty()) {
      response.headers().put(name, new ArrayList<>(values));
    }
  }
}
