package dev.limpet.vertx;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.FaultException;
import dev.limpet.l7.HttpRouter;
import dev.limpet.vertx.internal.backend.BackendClient;
import dev.limpet.vertx.internal.http.Answer;
import dev.limpet.vertx.internal.http.HttpExchange;
import dev.limpet.vertx.internal.http.HttpSettings;
import dev.limpet.vertx.internal.http.RequestCheck;
import dev.limpet.vertx.internal.http.TrustedProxies;
import dev.limpet.vertx.internal.net.ClientConnection;
import dev.limpet.vertx.internal.net.EventLoops;
import dev.limpet.vertx.internal.net.Waits;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A reverse proxy for HTTP/1.1, HTTP/2 and WebSocket: forwards each request to the backend of its
 * session.
 *
 * <pre>{@code
 * HttpRouter<HttpServerRequest, HttpServerResponse> router =
 *     HttpRouter.of(pool, LbCookieAffinity.builder(pool, new VertxAccess()).build());
 * vertx.createHttpServer(StickyHttpProxy.serverOptions())
 *     .requestHandler(StickyHttpProxy.builder(vertx, router).build())
 *     .listen(8080);
 * }</pre>
 *
 * <p>Backends speak HTTP/1.1, over TLS if their scheme is https ({@link BackendTls}). If a backend
 * cannot be reached, the request goes to the next one, with its body, and so does a WebSocket. A
 * request that was sent is sent again at most once, to the same backend: if it is idempotent and
 * without a body, and an idle connection turned out to be closed. Everything else is answered 502.
 * Early hints pass, and other informational responses do not. Neither side is read faster than the
 * other takes. A route is open until the response and the request's body have been passed on, the
 * client has left, or the tunnel has ended.
 *
 * <p>Hop-by-hop fields are not passed on, and {@code X-Forwarded-For}, {@code -Proto} and {@code
 * -Host} are written anew. A request that is malformed, ambiguous in its length, or longer than 64
 * KiB in its header section is refused before it is routed. A response that continues after its end
 * never reaches another request.
 *
 * <p>The proxy uses the handlers of a request and of its response, and that for the close of an
 * HTTP/1.1 connection while a body is still sent after its response, or if a request is refused. It
 * runs on the event loop of each connection, so it serves no worker verticles. Safe for use by many
 * threads at once.
 */
public final class StickyHttpProxy implements Handler<HttpServerRequest> {
  private static final int MAX_REQUEST_LINE = 16 * 1024;
  private static final int MAX_STREAMS = 100;

  private final HttpRouter<HttpServerRequest, HttpServerResponse> router;
  private final BackendClient client;
  private final HttpSettings settings;
  private final @Nullable ClientGuard guard;
  private final Set<HttpConnection> refused;

  private StickyHttpProxy(Builder builder) {
    this.router = builder.router;
    this.client = builder.connector.client(router.pool());
    this.settings = new HttpSettings(
        builder.connectMillis, builder.responseTimeout, builder.jsonRpcErrors, builder.trusted);
    this.guard = builder.guard;
    this.refused =
        (builder.previous == null) ? ConcurrentHashMap.newKeySet() : builder.previous.refused;
  }

  /**
   * {@return a builder of a proxy with a connector of its own}
   *
   * @param vertx the Vert.x of the server
   * @param router chooses the backends
   * @throws IllegalArgumentException if the event loops are not those of {@link
   *     io.vertx.core.transport.Transport#NIO}, as with a native transport
   */
  public static Builder builder(
      Vertx vertx, HttpRouter<HttpServerRequest, HttpServerResponse> router) {
    return builder(BackendConnector.of(vertx), router);
  }

  /**
   * {@return a builder of a proxy}
   *
   * @param connector reaches the backends
   * @param router chooses the backends
   * @throws IllegalArgumentException if the event loops are not those of {@link
   *     io.vertx.core.transport.Transport#NIO}, as with a native transport
   */
  public static Builder builder(
      BackendConnector connector, HttpRouter<HttpServerRequest, HttpServerResponse> router) {
    return new Builder(connector, router);
  }

  /**
   * {@return new options of a server for this proxy: limits of heads and of streams, and no
   * compression of WebSockets, whose frames pass untouched}
   */
  public static HttpServerOptions serverOptions() {
    return new HttpServerOptions()
        .setMaxInitialLineLength(MAX_REQUEST_LINE)
        .setMaxHeaderSize(RequestCheck.MAX_HEADER_BYTES)
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setInitialSettings(new Http2Settings()
            .setMaxConcurrentStreams(MAX_STREAMS)
            .setMaxHeaderListSize(4L * RequestCheck.MAX_HEADER_BYTES));
  }

  /**
   * Serves a request.
   *
   * @param request the request, of whose body nothing was read
   * @throws IllegalStateException if this is not called on an event loop; the answer is 500
   */
  @Override
  public void handle(HttpServerRequest request) {
    if (refused.contains(request.connection())) {
      return;
    }
    RequestCheck fault = RequestCheck.fault(request);
    if (fault == null) {
      check(request);
      forward(request);
    } else {
      refuse(request, fault);
    }
  }

  private static void check(HttpServerRequest request) {
    try {
      EventLoops.check(((HttpServerRequestInternal) request).context());
    } catch (IllegalStateException e) {
      Answer.send(request, 500, "the proxy cannot serve this request");
      throw e;
    }
  }

  private void forward(HttpServerRequest request) {
    ClientConnection connection = (guard == null) ? null : guard.client(request.connection());
    if (connection != null && !connection.began()) {
      var unused = request.connection().close();
      return;
    }
    if (connection != null) {
      request.response().headersEndHandler(ready -> sayIfLast(request.response(), connection));
    }
    new HttpExchange(request, router, client, settings, connection).run();
  }

  private static void sayIfLast(HttpServerResponse response, ClientConnection connection) {
    if (response.getStatusCode() != 101 && connection.closesAfterResponse()) {
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
      var unused = connection.close();
    }
  }

  /** Settings of a {@link StickyHttpProxy}. Not for use by several threads at once. */
  public static final class Builder {
    private final BackendConnector connector;
    private final HttpRouter<HttpServerRequest, HttpServerResponse> router;
    private int connectMillis;
    private @Nullable Duration responseTimeout;
    private boolean jsonRpcErrors;
    private TrustedProxies trusted = TrustedProxies.NONE;
    private @Nullable ClientGuard guard;
    private @Nullable StickyHttpProxy previous;

    private Builder(
        BackendConnector connector, HttpRouter<HttpServerRequest, HttpServerResponse> router) {
      if (!EventLoops.areNio(connector.network().vertx())) {
        throw new IllegalArgumentException("vertx: with another transport (expected: NIO)");
      }
      this.connector = connector;
      this.router = requireNonNull(router, "router");
      this.connectMillis = connector.connectMillis();
    }

    /**
     * Sets how long a connect to one address of a backend may take, with TLS also the handshake.
     * Default that of the connector, which is 2 s by default.
     *
     * @param timeout from a millisecond to 24 days
     * @return this builder
     * @throws FaultException if the timeout is out of range
     */
    public Builder connectTimeout(Duration timeout) {
      this.connectMillis = Waits.millis("connectTimeout", timeout);
      return this;
    }

    /**
     * Sets how long a backend may keep a request waiting before the head of its response, and
     * before it takes more of the request's body. Then the answer is 504. By default as long as the
     * client waits.
     *
     * @param timeout from a millisecond to 24 days
     * @return this builder
     * @throws FaultException if the timeout is out of range
     */
    public Builder responseTimeout(Duration timeout) {
      int unused = Waits.millis("responseTimeout", timeout);
      this.responseTimeout = timeout;
      return this;
    }

    /**
     * Sets the proxies before this one that are believed what they say of clients in {@code
     * X-Forwarded-For}, {@code -Proto} and {@code -Host}. {@link ClientAddress} and {@link
     * VertxAccess} of requests that the proxy serves use it. By default nobody is believed.
     *
     * @param proxies addresses, and ranges such as {@code 192.0.2.0/24}, as {@link
     *     dev.limpet.l7.AddressRange#parse} reads them
     * @return this builder
     * @throws FaultException if a range is malformed or has bits set after its prefix
     */
    public Builder trustedProxies(Collection<String> proxies) {
      this.trusted = new TrustedProxies(List.copyOf(proxies));
      return this;
    }

    /**
     * Answers requests without a backend with an error of JSON-RPC, as clients of the Model Context
     * Protocol expect. By default with a line of text.
     *
     * @return this builder
     */
    public Builder jsonRpcErrors() {
      this.jsonRpcErrors = true;
      return this;
    }

    /**
     * Sets the guard of the servers that the proxy handles, so that it knows of requests under way.
     * By default, it has no guard.
     *
     * @param guard the guard of the Vert.x
     * @return this builder
     */
    public Builder clientGuard(ClientGuard guard) {
      this.guard = requireNonNull(guard, "guard");
      return this;
    }

    /**
     * Makes the proxy continue another one, for a change of the router while requests flow: the
     * server hands new requests to the new proxy, and requests that the other one has end there. If
     * either proxy refuses a request, neither reads further from its connection.
     *
     * @param previous the proxy that served until now
     * @return this builder
     */
    public Builder continuing(StickyHttpProxy previous) {
      this.previous = requireNonNull(previous, "previous");
      return this;
    }

    /** {@return the proxy} */
    public StickyHttpProxy build() {
      return new StickyHttpProxy(this);
    }
  }
}
