package dev.limpet.jetty;

import dev.limpet.l7.HttpAccess;
import java.util.List;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** An access that throws. */
final class BrokenAccess implements HttpAccess<Request, Response> {
  private volatile boolean breaksRequests;
  private volatile boolean breaksResponses;

  void breakRequests(boolean breaks) {
    breaksRequests = breaks;
  }

  void breakResponses(boolean breaks) {
    breaksResponses = breaks;
  }

  @Override
  public List<String> requestFields(Request request, String name) {
    check(breaksRequests);
    return JettyAccess.INSTANCE.requestFields(request, name);
  }

  @Override
  public int status(Response response) {
    return JettyAccess.INSTANCE.status(response);
  }

  @Override
  public List<String> fields(Response response, String name) {
    return JettyAccess.INSTANCE.fields(response, name);
  }

  @Override
  public void setFields(Response response, String name, List<String> values) {
    check(breaksResponses);
    JettyAccess.INSTANCE.setFields(response, name, values);
  }

  private static void check(boolean breaks) {
    if (breaks) {
      throw new IllegalStateException("broken on purpose");
    }
  }
}
