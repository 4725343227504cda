package dev.limpet.undertow;

import dev.limpet.l7.HttpAccess;
import io.undertow.server.HttpServerExchange;
import java.util.List;

/** An access that throws. */
final class BrokenAccess implements HttpAccess<HttpServerExchange, HttpServerExchange> {
  private volatile boolean breaksRequests;
  private volatile boolean breaksResponses;

  void breakRequests(boolean breaks) {
    breaksRequests = breaks;
  }

  void breakResponses(boolean breaks) {
    breaksResponses = breaks;
  }

  @Override
  public List<String> requestFields(HttpServerExchange request, String name) {
    check(breaksRequests);
    return UndertowAccess.INSTANCE.requestFields(request, name);
  }

  @Override
  public int status(HttpServerExchange response) {
    return UndertowAccess.INSTANCE.status(response);
  }

  @Override
  public List<String> fields(HttpServerExchange response, String name) {
    return UndertowAccess.INSTANCE.fields(response, name);
  }

  @Override
  public void setFields(HttpServerExchange response, String name, List<String> values) {
    check(breaksResponses);
    UndertowAccess.INSTANCE.setFields(response, name, values);
  }

  private static void check(boolean breaks) {
    if (breaks) {
      throw new IllegalStateException("broken on purpose");
    }
  }
}
