package dev.limpet.vertx;

import dev.limpet.l7.HttpAccess;
import dev.limpet.vertx.internal.http.ForwardedClient;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/**
 * Reads requests and reads and writes responses of a Vert.x HTTP server. Stateless.
 *
 * <p>A request is secure if its client uses TLS: if the connection does or, behind {@linkplain
 * StickyHttpProxy.Builder#trustedProxies trusted proxies}, if they say so in {@code
 * X-Forwarded-Proto}.
 */
public final class VertxAccess implements HttpAccess<HttpServerRequest, HttpServerResponse> {
  private final boolean mayBeSecure;

  /** Makes an access. */
  public VertxAccess() {
    this(true);
  }

  private VertxAccess(boolean mayBeSecure) {
    this.mayBeSecure = mayBeSecure;
  }

  /**
   * {@return an access for which no request is secure} Use it if an LB cookie must not have the
   * attribute {@code Secure} although some clients use TLS.
   */
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

  @Override
  public boolean isSecure(HttpServerRequest request) {
    return mayBeSecure && ForwardedClient.isSecure(request);
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
