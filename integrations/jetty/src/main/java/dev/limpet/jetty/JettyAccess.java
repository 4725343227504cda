package dev.limpet.jetty;

import dev.limpet.l7.HttpAccess;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * Reads and changes the requests and responses of Jetty. A request is secure if it came over TLS
 * or, with {@code ForwardedRequestCustomizer}, if a trusted proxy says so.
 */
public enum JettyAccess implements HttpAccess<Request, Response> {
  /** The only instance. */
  INSTANCE;

  private static final int OK = 200;

  @Override
  public List<String> requestFields(Request request, String name) {
    return request.getHeaders().getValuesList(name);
  }

  @Override
  public String target(Request request) {
    return request.getHttpURI().getPathQuery();
  }

  @Override
  public String method(Request request) {
    return request.getMethod();
  }

  @Override
  public boolean isSecure(Request request) {
    return request.isSecure();
  }

  @Override
  public int status(Response response) {
    int status = response.getStatus();
    return (status == 0) ? OK : status; // Jetty sends 200 if no status is set
  }

  @Override
  public List<String> fields(Response response, String name) {
    return response.getHeaders().getValuesList(name);
  }

  /** Sets a field, line by line: Jetty's own {@code put} joins the values of a list into one. */
  @Override
  public void setFields(Response response, String name, List<String> values) {
    HttpFields.Mutable fields = response.getHeaders();
    fields.remove(name);
    values.forEach(value -> fields.add(name, value));
  }
}
