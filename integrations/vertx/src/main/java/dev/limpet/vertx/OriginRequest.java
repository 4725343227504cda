package dev.limpet.vertx;

import dev.limpet.core.Backend;
import dev.limpet.core.FailureKind;
import dev.limpet.l7.StickyExchange;
import dev.limpet.vertx.internal.net.BackendEnd;
import dev.limpet.vertx.internal.net.Stages;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.VertxException;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyResponse;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One request on its way through an HttpProxy. For the context of the request. */
final class OriginRequest {
  /*
   * HttpProxy tells of the end of a request by the futures that it returns. So no handler of the
   * response is needed, which the embedder may use. Two ends have no future. An HTTP/1 client that
   * leaves after its response, while its body is still received, is noticed by its connection only.
   * And a tunnel ends with the channel of the client's socket, which HttpProxy closes if the
   * backend's closes, but only after all data was written, which a client that does not read delays
   * forever. So it also ends with the connection to the backend.
   *
   * HttpProxy resets the request to the backend if the client leaves, always with code 0, with
   * which no backend resets a stream before its response.
   */

  private static final String NAME = "dev.limpet.vertx.request";
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final long RESET_BY_HTTP_PROXY = 0;

  private final ProxyContext context;
  private final HttpServerRequest request;
  private final StickyExchange<HttpServerRequest, ProxyResponse> exchange;
  private final ServedConnections served;
  private @Nullable HttpClientRequest sent;
  private boolean isResponding;

  private OriginRequest(
      ProxyContext context,
      StickyExchange<HttpServerRequest, ProxyResponse> exchange,
      ServedConnections served) {
    this.context = context;
    this.request = context.request().proxiedRequest();
    this.exchange = exchange;
    this.served = served;
  }

  /** Makes the request of a context. */
  static OriginRequest of(
      ProxyContext context,
      StickyExchange<HttpServerRequest, ProxyResponse> exchange,
      ServedConnections served) {
    OriginRequest made = new OriginRequest(context, exchange, served);
    context.set(NAME, made);
    return made;
  }

  static boolean isIn(ProxyContext context) {
    return context.get(NAME, OriginRequest.class) != null;
  }

  static OriginRequest in(ProxyContext context) {
    OriginRequest made = context.get(NAME, OriginRequest.class);
    if (made == null) {
      throw new IllegalStateException(
          "request: not routed (expected: by the interceptor that install added)");
    }
    return made;
  }

  /** Sends the request, and returns the response of the backend or of this proxy. */
  Future<ProxyResponse> send() {
    return guarded(this::sendWithoutOurCookie).compose(this::received).recover(this::failed);
  }

  private Future<ProxyResponse> sendWithoutOurCookie() {
    MultiMap headers = context.request().headers();
    exchange.fieldsToBackend().forEach((name, values) -> headers.remove(name).add(name, values));
    return context.sendRequest();
  }

  /** Handles a response. Another interceptor may fail before it gets to {@link #respond}. */
  private Future<ProxyResponse> received(ProxyResponse response) {
    HttpClientResponse from = response.proxiedResponse();
    if (from == null) {
      return Future.succeededFuture(response);
    }
    if (!response.headers().getAll("transfer-encoding").stream().allMatch("chunked"::equals)) {
      var unused = from.request().reset();
      return refusal("bad Transfer-Encoding");
    }
    guarded(from::end).onComplete(end -> closeUnlessResponding());
    return Future.succeededFuture(response);
  }

  private void closeUnlessResponding() {
    if (!isResponding) {
      exchange.close();
    }
  }

  /** Connects to the backend of the session, or to the next one that can be reached. */
  Future<HttpClientRequest> connect() {
    Backend backend = exchange.backend();
    if (request.response().closed()) {
      return refusal("the client has left");
    }
    return (backend == null)
        ? Future.failedFuture(new NoBackend())
        : context
            .client()
            .request(options(backend))
            .compose(made -> connected(made, backend), this::unreachable);
  }

  private static RequestOptions options(Backend backend) {
    return new RequestOptions()
        .setServer(SocketAddress.inetSocketAddress(backend.port(), backend.host()))
        .setHost(backend.host())
        .setPort(backend.port())
        .setSsl(backend.scheme().equals("https"));
  }

  private Future<HttpClientRequest> connected(HttpClientRequest connected, Backend backend) {
    if (request.response().closed()) {
      var unused = connected.reset();
      return refusal("the client has left");
    }
    if (backend.host().contains(":")) { // Vert.x writes IPv6 addresses without brackets
      connected.authority(HostAndPort.create('[' + backend.host() + ']', backend.port()));
    }
    sent = connected;
    return Future.succeededFuture(connected);
  }

  /** A request that found no place in the client's own queue was not refused by a backend. */
  private Future<HttpClientRequest> unreachable(Throwable cause) {
    return (cause instanceof ConnectionPoolTooBusyException)
        ? Future.failedFuture(cause)
        : Stages.here(exchange.connectFailedAsync()).compose(more -> connect());
  }

  /** Sends the response to the client. */
  Future<Void> respond() {
    isResponding = true;
    ProxyResponse response = context.response();
    if (response.proxiedResponse() == null) {
      return guarded(() -> context.isWebSocket() ? response.send() : context.sendResponse())
          .onComplete(ended -> exchange.close());
    }
    if (sent != null) {
      served.add(sent.connection());
    }
    return bound(response)
        .compose(ready -> guarded(context::sendResponse))
        .onComplete(ended -> responded(response), failed -> giveUp());
  }

  /** Sets or learns what keeps the session. */
  private Future<Void> bound(ProxyResponse response) {
    return guarded(() -> Stages.here(exchange.respondedAsync(response)))
        .onFailure(((HttpServerRequestInternal) request).context()::reportException);
  }

  private void responded(ProxyResponse response) {
    if (context.isWebSocket() && response.getStatusCode() == SWITCHING_PROTOCOLS) {
      closeWithTunnel();
    } else if (request.isEnded()) {
      exchange.close();
    } else {
      closeWithBody();
    }
  }

  private void closeWithTunnel() {
    Future<NetSocket> client = request.toNetSocket();
    if (client.succeeded()) {
      BackendEnd.of(client.result()).whenClosed(exchange::close);
      context
          .response()
          .proxiedResponse()
          .request()
          .connection()
          .closeHandler(closed -> exchange.close());
    } else {
      exchange.close();
      context.response().proxiedResponse().netSocket().close();
    }
  }

  private void closeWithBody() {
    request.end().onComplete(ended -> exchange.close());
    if (request.version() != HttpVersion.HTTP_2) {
      request.connection().closeHandler(closed -> exchange.close());
    }
  }

  /** Answers that there is no backend, or leaves the answer to HttpProxy. */
  private Future<ProxyResponse> failed(Throwable cause) {
    if (cause instanceof NoBackend) {
      int status = exchange.statusWithoutBackend();
      return Future.succeededFuture(context.request().release().response().setStatusCode(status));
    }
    FailureKind kind = kind(cause);
    if (kind != null && sent != null && !isStale(cause, sent.connection())) {
      exchange.failed(kind);
    }
    giveUp();
    return Future.failedFuture(cause);
  }

  /** HttpProxy leaves the connection of a WebSocket open if an interceptor fails. */
  private void giveUp() {
    exchange.close();
    if (sent != null) {
      var unused = sent.reset();
    }
  }

  /** Returns whether the backend may just have closed a connection that was idle. */
  private boolean isStale(Throwable cause, HttpConnection connection) {
    return !(cause instanceof TimeoutException)
        && !(cause instanceof StreamResetException)
        && served.contains(connection);
  }

  /** Returns how the backend failed; null if it did not. */
  private static @Nullable FailureKind kind(Throwable cause) {
    if (cause instanceof TimeoutException) {
      return FailureKind.TIMEOUT;
    }
    boolean isReset = cause instanceof HttpClosedException
        || cause instanceof IOException
        || (cause instanceof StreamResetException reset && reset.getCode() != RESET_BY_HTTP_PROXY);
    return isReset ? FailureKind.RESET_BEFORE_RESPONSE : null;
  }

  private static <T> Future<T> refusal(String reason) {
    return Future.failedFuture(new VertxException(reason, true));
  }

  /** Calls other interceptors, whose exceptions must not leave a route open. */
  private static <T> Future<T> guarded(Supplier<Future<T>> call) {
    try {
      return call.get();
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private static final class NoBackend extends VertxException {
    private static final long serialVersionUID = 1;

    NoBackend() {
      super("no backend", true);
    }
  }
}
