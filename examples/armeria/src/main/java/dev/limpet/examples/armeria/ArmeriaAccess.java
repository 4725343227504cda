package dev.limpet.examples.armeria;

import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import dev.limpet.l7.HttpAccess;
import java.util.List;

/** Reads the heads of Armeria's messages. */
final class ArmeriaAccess implements HttpAccess<RequestHeaders, ResponseHeadersBuilder> {
  @Override
  public List<String> requestFields(RequestHeaders request, String name) {
    return request.getAll(name);
  }

  @Override
  public String target(RequestHeaders request) {
    return request.path();
  }

  @Override
  public String method(RequestHeaders request) {
    return request.method().name();
  }

  @Override
  public boolean isSecure(RequestHeaders request) {
    return "https".equals(request.scheme());
  }

  @Override
  public int status(ResponseHeadersBuilder response) {
    return response.status().code();
  }

  @Override
  public List<String> fields(ResponseHeadersBuilder response, String name) {
    return response.getAll(name);
  }

  @Override
  public void setFields(ResponseHeadersBuilder response, String name, List<String> values) {
    response.remove(name);
    response.add(name, values);
  }
}
