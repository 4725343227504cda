package dev.limpet.examples.gateway.http;

import dev.limpet.examples.gateway.backend.BackendClient;
import dev.limpet.examples.gateway.net.Endpoint;
import dev.limpet.examples.gateway.net.Engine;
import dev.limpet.l7.HttpRouter;
import io.vertx.core.Future;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Serves HTTP clients from the backends that a router names. */
public final class HttpListener {

  private static final int MAX_REQUEST_LINE = 16 * 1024;

  private final Engine engine;
  private final Endpoint endpoint;
  private final HttpRouter<HttpServerRequest, HttpServerResponse> router;
  private final BackendClient client;
  private final HttpSettings settings;
  private final ClientAddress addresses;
  private final Set<HttpConnection> refused = ConcurrentHashMap.newKeySet();

  /**
   * Makes a listener that does not listen yet.
   *
   * @param settings how requests are treated
   */
  public HttpListener(
      Engine engine,
      Endpoint endpoint,
      HttpRouter<HttpServerRequest, HttpServerResponse> router,
      BackendClient client,
      HttpSettings settings) {
    this.engine = engine;
    this.endpoint = endpoint;
    this.router = router;
    this.client = client;
    this.settings = settings;
    this.addresses = new ClientAddress(endpoint.trustedProxies());
  }

  /** Listens on all event loops; completes with the port. */
  public Future<Integer> listen() {
    return engine.listen(endpoint, () -> server().listen().map(HttpServer::actualPort));
  }

  private HttpServer server() {
    return engine
        .vertx()
        .createHttpServer(serverOptions(endpoint))
        .connectionHandler(addresses::attach)
        .requestHandler(this::serve);
  }

  private void serve(HttpServerRequest request) {
    if (refused.contains(request.connection())) {
      return;
    }
    RequestCheck fault = RequestCheck.fault(request);
    if (fault == null) {
      forward(request, request.connection());
    } else {
      refuse(request, fault);
    }
  }

  private void forward(HttpServerRequest request, HttpConnection connection) {
    if (!engine.clients().began(connection)) {
      connection.close();
      return;
    }
    request.response().headersEndHandler(ready -> sayIfLast(request));
    Runnable over = () -> engine.clients().ended(connection);
    new HttpExchange(request, router, client, settings, over).run();
  }

  private void sayIfLast(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    if (response.getStatusCode() != 101 && engine.clients().closes(request.connection())) {
      response.putHeader("connection", "close");
    }
  }

  /**
   * Where a bad request ends is in doubt, so what follows it on an HTTP/1 connection is not read.
   */
  private void refuse(HttpServerRequest request, RequestCheck fault) {
    HttpConnection connection = request.connection();
    boolean closes = request.version() != HttpVersion.HTTP_2;
    if (closes) {
      refused.add(connection);
      connection.closeHandler(closed -> refused.remove(connection));
    }
    Answer.send(request, fault.status(), fault.reason());
    if (closes) {
      connection.close();
    }
  }

  private static HttpServerOptions serverOptions(Endpoint endpoint) {
    HttpServerOptions options = new HttpServerOptions()
        .setMaxInitialLineLength(MAX_REQUEST_LINE)
        .setMaxHeaderSize(RequestCheck.MAX_HEADER_BYTES)
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setInitialSettings(new Http2Settings()
            .setMaxConcurrentStreams(100)
            .setMaxHeaderListSize(4L * RequestCheck.MAX_HEADER_BYTES));
    options.setHost(endpoint.host()).setPort(endpoint.port());
    options.setUseProxyProtocol(endpoint.usesProxyProtocol());
    secure(options, endpoint.tls());
    return options;
  }

  private static void secure(HttpServerOptions options, @Nullable PemKeyCertOptions tls) {
    if (tls != null) {
      options.setSsl(true).setUseAlpn(true).setKeyCertOptions(tls);
    }
  }
}
