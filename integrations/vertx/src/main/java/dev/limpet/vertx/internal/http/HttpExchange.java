package dev.limpet.vertx.internal.http;

import dev.limpet.core.Backend;
import dev.limpet.core.FailureKind;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.StickyExchange;
import dev.limpet.vertx.internal.backend.BackendClient;
import dev.limpet.vertx.internal.backend.BackendConnection;
import dev.limpet.vertx.internal.net.ClientConnection;
import dev.limpet.vertx.internal.net.Stages;
import io.netty.handler.codec.http.HttpRequest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One request of a client and the attempts to have it answered. For the event loop of its
 * connection.
 */
public final class HttpExchange {
  /*
   * A request of which nothing was sent, because no connection could be opened, goes to another
   * backend, whatever it is. Anything that was sent may have been acted upon. So it is sent again
   * only if its method says that this does no harm (RFC 9110 9.2.2), it has no body, and a
   * connection that had been kept was closed before a byte of the answer came, as happens when the
   * backend closes it while the request is on its way. It is sent once more, to the same backend,
   * which has its session, on a new connection. All else is answered 502.
   *
   * A backend may answer before it has the whole body, which then goes on being sent to it: the
   * route is held until the later of the two, or with a connection. Vert.x tells nobody of an
   * HTTP/1 client that goes away after the response; so the exchange watches its connection.
   */

  private static final Set<HttpMethod> REPEATABLE = Set.of(
      HttpMethod.GET,
      HttpMethod.HEAD,
      HttpMethod.PUT,
      HttpMethod.DELETE,
      HttpMethod.OPTIONS,
      HttpMethod.TRACE);

  private static final Future<Void> READY = Future.succeededFuture();

  private final HttpServerRequest request;
  private final HttpRouter<HttpServerRequest, HttpServerResponse> router;
  private final BackendClient client;
  private final HttpSettings settings;
  private final ContextInternal context;
  private final @Nullable ClientConnection clientConnection;
  private final HeldExchange held = new HeldExchange();
  private boolean hasBody;
  private @Nullable Buffer early;
  private boolean isOver;
  private boolean isRepeated;
  private boolean isTunnel;
  private @Nullable Attempt attempt;

  @SuppressWarnings("NullAway.Init") // by begun, before anything else
  private StickyExchange<HttpServerRequest, HttpServerResponse> sticky;

  /**
   * Makes an exchange.
   *
   * @param settings how requests are treated
   * @param clientConnection is told when the response has ended, unless it opens a tunnel
   */
  public HttpExchange(
      HttpServerRequest request,
      HttpRouter<HttpServerRequest, HttpServerResponse> router,
      BackendClient client,
      HttpSettings settings,
      @Nullable ClientConnection clientConnection) {
    this.clientConnection = clientConnection;
    this.settings = settings;
    this.request = request;
    this.router = router;
    this.client = client;
    this.context = ((HttpServerRequestInternal) request).context();
  }

  /** Serves the request. */
  public void run() {
    request.response().endHandler(ended -> end());
    request.response().closeHandler(closed -> gone());
    if (RequestBody.isDeclared(request)) {
      beginDeclared(RequestBody.isIn(request));
    } else {
      new UndeclaredBody(request, this::begin).find(context.nettyEventLoop());
    }
  }

  private void beginDeclared(boolean hasBody) {
    if (hasBody || request.canUpgradeToWebSocket()) {
      request.pause();
    }
    begin(hasBody, null);
  }

  private void begin(boolean hasBody, @Nullable Buffer early) {
    this.hasBody = hasBody;
    this.early = early;
    route().onComplete(this::begun, this::broken);
  }

  /** A CORS preflight keeps no session. */
  private Future<StickyExchange<HttpServerRequest, HttpServerResponse>> route() {
    HttpServerRequest known = settings.trusted().known(request);
    try {
      return Preflight.is(request)
          ? Future.succeededFuture(router.beginUnbound(known))
          : Stages.here(router.beginAsync(known));
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  HttpServerRequest request() {
    return request;
  }

  /** Handles the response's head; returns when it may leave. */
  Future<Void> responded() {
    CompletionStage<Void> ready = sticky.respondedAsync(request.response());
    return HttpAffinity.DONE.equals(ready)
        ? READY
        : Stages.on(context, ready).onFailure(context::reportException);
  }

  HeldExchange held() {
    return held;
  }

  boolean hasBody() {
    return hasBody;
  }

  /** Returns what arrived of the body before the request was routed, once; null if nothing did. */
  @Nullable
  Buffer takeEarly() {
    Buffer taken = early;
    early = null;
    return taken;
  }

  AnswerDeadline deadline(Runnable passed) {
    return new AnswerDeadline(context.nettyEventLoop(), settings.responseTimeout(), passed);
  }

  /** Takes the exchange. If the client has gone meanwhile, it is closed at once. */
  private void begun(StickyExchange<HttpServerRequest, HttpServerResponse> exchange) {
    sticky = exchange;
    held.take(exchange);
    attempt(false);
  }

  private void broken(Throwable cause) {
    Answer.send(request, 500, "the proxy cannot route this request");
    throw new IllegalStateException(cause);
  }

  private void attempt(boolean fresh) {
    if (isOver) {
      return;
    }
    Backend chosen = sticky.backend();
    if (chosen == null) {
      Answer.noBackend(request, sticky, settings.jsonRpcErrors());
      return;
    }
    client
        .open(context, chosen, fresh, settings.connectMillis())
        .onComplete(connection -> send(chosen, connection), unreachable -> again());
  }

  private void again() {
    if (!isOver) {
      Stages.here(sticky.connectFailedAsync()).onComplete(more -> attempt(false), this::broken);
    }
  }

  private void send(Backend backend, BackendConnection connection) {
    if (isOver) {
      connection.giveBack();
      return;
    }
    boolean upgrade = !hasBody && request.canUpgradeToWebSocket();
    HttpRequest head;
    try {
      head = head(backend, upgrade);
    } catch (IllegalArgumentException e) {
      connection.giveBack();
      fail(400, "bad header field");
      return;
    } catch (RuntimeException e) {
      connection.giveBack();
      broken(e);
      return;
    }
    attempt = new Attempt(this, connection);
    attempt.start(head, upgrade);
  }

  private HttpRequest head(Backend backend, boolean upgrade) {
    HttpServerRequest known = sticky.request();
    Map<String, List<String>> changed = sticky.fieldsToBackend();
    if (upgrade) {
      return RequestHead.upgrade(known, backend, changed);
    }
    return hasBody
        ? RequestHead.withBody(known, backend, changed)
        : RequestHead.withoutBody(known, backend, changed);
  }

  /** A connection was closed before a byte of the answer came. */
  void unheard(BackendConnection connection) {
    boolean repeats =
        connection.isReused() && !isRepeated && !hasBody && REPEATABLE.contains(request.method());
    if (repeats) {
      isRepeated = true;
      context.runOnContext(next -> attempt(true));
    } else {
      lost(connection, false);
    }
  }

  /**
   * A connection was closed before the answer was complete. If it is a new one, and no byte of the
   * answer came, the backend has failed. One that was kept may have been closed as it was idle.
   */
  void lost(BackendConnection connection, boolean heard) {
    if (!heard && !connection.isReused()) {
      sticky.failed(FailureKind.RESET_BEFORE_RESPONSE);
    }
    fail(502, "the backend closed the connection or sent a bad response");
  }

  /** The backend has not answered in time. */
  void timeOut() {
    client.counts().timeout();
    sticky.failed(FailureKind.TIMEOUT);
    fail(504, "the backend did not answer in time");
  }

  /** Answers in the backend's place. */
  void fail(int status, String reason) {
    held.endBody();
    held.endResponse();
    Answer.send(request, status, reason);
  }

  /** The response opens a tunnel, which outlives it. */
  void tunnel() {
    isTunnel = true;
  }

  /** The tunnel has ended. */
  void close() {
    sticky.close();
  }

  private void end() {
    if (!isOver && !isTunnel) {
      isOver = true;
      held.endResponse();
      watchBody();
      if (clientConnection != null) {
        clientConnection.ended();
      }
    }
  }

  /** The client is gone. */
  void gone() {
    if (attempt != null && !isTunnel) {
      attempt.abandon();
    }
    end();
  }

  /** An HTTP/1 connection has no other request before the body has ended. */
  private void watchBody() {
    if (attempt != null && attempt.isSending() && request.version() != HttpVersion.HTTP_2) {
      request.connection().closeHandler(closed -> gone());
    }
  }
}
