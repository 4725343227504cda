package dev.limpet.benchmarks.relay;

import dev.limpet.l7.HttpAccess;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import java.util.List;

/** Reads and writes the messages of Netty. Stateless. */
final class RelayAccess implements HttpAccess<HttpRequest, HttpResponse> {

  @Override
  public List<String> requestFields(HttpRequest request, String name) {
    return request.headers().getAll(name);
  }

  @Override
  public int status(HttpResponse response) {
    return response.status().code();
  }

  @Override
  public List<String> fields(HttpResponse response, String name) {
    return response.headers().getAll(name);
  }

  @Override
  public void setFields(HttpResponse response, String name, List<String> values) {
    response.headers().set(name, values);
  }
}
