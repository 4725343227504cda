package dev.limpet.undertow;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Backend;
import dev.limpet.core.FailureKind;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.StickyExchange;
import io.undertow.client.ClientCallback;
import io.undertow.client.ClientConnection;
import io.undertow.client.ClientResponse;
import io.undertow.server.ExchangeCompletionListener;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.proxy.ProxyCallback;
import io.undertow.server.handlers.proxy.ProxyClient;
import io.undertow.server.handlers.proxy.ProxyConnection;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.SameThreadExecutor;
import io.undertow.util.StatusCodes;
import io.undertow.util.WorkerUtils;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;

/**
 * A request on its way to the backend of its session. Used on the request's I/O thread, to which it
 * returns when a shared table has answered.
 */
final class StickyTarget implements ProxyClient.ProxyTarget, ExchangeCompletionListener {
  private static final Pattern FINALLY_CHUNKED =
      Pattern.compile("(?:.*,)?[ \\t]*chunked[ \\t]*", Pattern.CASE_INSENSITIVE);

  private final HttpServerExchange request;
  private final Origins origins;
  private final Duration connectTimeout;
  private volatile @Nullable CompletionStage<StickyExchange<HttpServerExchange, HttpServerExchange>>
      beginning;
  private volatile boolean isOver;
  private @Nullable StickyExchange<HttpServerExchange, HttpServerExchange> sticky;
  private @Nullable Attempt attempt;
  private @Nullable StickyConnection connection;
  private @Nullable FailureKind failure;

  StickyTarget(HttpServerExchange request, Origins origins, Duration connectTimeout) {
    this.request = request;
    this.origins = origins;
    this.connectTimeout = connectTimeout;
  }

  /** Routes the request. It may end meanwhile, because this may be a thread of the worker. */
  void begin(HttpRouter<HttpServerExchange, HttpServerExchange> router) {
    beginning = router.beginAsync(request);
    if (isOver) {
      close();
    }
  }

  /**
   * Connects to the backend of the session or, if it cannot be reached, to the next one. Answers
   * the request if none is left. Called again if a connection turned out to be dead.
   */
  void connect(ProxyCallback<ProxyConnection> callback) {
    if (connection != null) {
      connection.end();
    }
    then(requireNonNull(beginning, "beginning"), begun -> {
      sticky = begun;
      attempt(callback);
    });
  }

  /** Changes the fields of a request on the way to the backend. */
  void changeFields(HeaderMap fields) {
    sticky().fieldsToBackend().forEach((name, values) -> {
      HttpString field = UndertowAccess.field(name);
      fields.putAll(field, field.equals(Headers.COOKIE) ? oneLine(values) : values);
    });
  }

  /**
   * Handles the backend's response. Its fields go to the exchange here, and not later in the
   * handler, because the affinity may also remove some.
   *
   * @param proceed sends the response to the client
   */
  void respond(ClientResponse response, Runnable proceed) {
    if (isOver()) {
      return;
    }
    failure = null;
    request.setStatusCode(response.getResponseCode());
    takeFields(response.getResponseHeaders());
    then(sticky().respondedAsync(request), done -> {
      if (!isOver()) {
        proceed.run();
      }
    });
  }

  /** Remembers how the backend failed; the handler may try again. */
  void fail(FailureKind kind) {
    if (failure == null) {
      failure = kind;
    }
  }

  /** Forgets a dead connection, because the request goes on with another. */
  private void forgive() {
    if (failure == FailureKind.RESET_BEFORE_RESPONSE) {
      failure = null;
    }
  }

  /** Ends with the request or, if it was upgraded, with the tunnel. */
  @Override
  public void exchangeEvent(HttpServerExchange ended, NextListener next) {
    isOver = true;
    try {
      if (attempt != null) {
        attempt.abandon();
      }
      if (connection != null && connection.isTunnel() && ended.isUpgrade()) {
        connection.onClose(this::end);
        ended.getConnection().addCloseListener(closed -> end());
        if (ended.getConnection().isOpen()) {
          return;
        }
      }
      end();
    } finally {
      next.proceed();
    }
  }

  private void end() {
    if (sticky != null && failure != null) {
      sticky.failed(failure);
    }
    close();
    if (connection != null) {
      connection.end();
    }
  }

  private void close() {
    CompletionStage<StickyExchange<HttpServerExchange, HttpServerExchange>> begun = beginning;
    if (begun != null) {
      CompletionStage<Void> unused = begun.thenAccept(StickyExchange::close);
    }
  }

  /**
   * Moves fields to the response, except those that the server has set, as the handler does, and
   * those of the connection to the backend, with which the handler would close the client's.
   */
  private void takeFields(HeaderMap received) {
    if (!request.isUpgrade()) {
      received.remove(Headers.CONNECTION);
      received.remove(Headers.KEEP_ALIVE);
    }
    HeaderMap fields = request.getResponseHeaders();
    for (HeaderValues values : received) {
      if (!fields.contains(values.getHeaderName())) {
        fields.putAll(values.getHeaderName(), values);
      }
    }
    received.clear();
  }

  private void attempt(ProxyCallback<ProxyConnection> callback) {
    if (isOver()) {
      return;
    }
    Backend backend = sticky().backend();
    if (!hasKnownLength()) {
      refuseCoding();
    } else if (backend == null) {
      request.setStatusCode(sticky().statusWithoutBackend());
      request.endExchange();
    } else {
      attempt = new Attempt(origins.of(backend), callback);
      attempt.start();
    }
  }

  /** Returns whether the end of the body can be told, and so Undertow's client can send it. */
  private boolean hasKnownLength() {
    String codings = request.getRequestHeaders().getLast(Headers.TRANSFER_ENCODING);
    return codings == null || FINALLY_CHUNKED.matcher(codings).matches();
  }

  /** Answers as RFC 9112, section 6.1 says, and does not wait for the end of the body. */
  private void refuseCoding() {
    close();
    request.setStatusCode(StatusCodes.NOT_IMPLEMENTED);
    request.getResponseHeaders().put(Headers.CONNECTION, Headers.CLOSE.toString());
    request.getResponseSender().send(StatusCodes.NOT_IMPLEMENTED_STRING);
  }

  /** Returns whether nobody waits for a response any longer, or one is being sent. */
  private boolean isOver() {
    return isOver || request.isResponseStarted();
  }

  private StickyExchange<HttpServerExchange, HttpServerExchange> sticky() {
    return requireNonNull(sticky, "sticky");
  }

  /** Continues on the I/O thread; at once if this is it and the stage is complete. */
  private <T> void then(CompletionStage<T> stage, Consumer<T> next) {
    CompletionStage<T> unused = stage.whenComplete((result, broken) -> onIoThread(() -> {
      if (broken == null) {
        next.accept(result);
      } else {
        fail(broken);
      }
    }));
  }

  private void onIoThread(Runnable step) {
    if (request.isInIoThread()) {
      run(step);
    } else {
      request.getIoThread().execute(() -> run(step));
    }
  }

  private void run(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error broken) {
      fail(broken);
    }
  }

  /** Lets Undertow answer as if a handler had thrown: with 500, and a line in its log. */
  private void fail(Throwable broken) {
    if (request.isResponseStarted()) {
      IoUtils.safeClose(request.getConnection());
    } else {
      HttpHandler broke = failed -> {
        throw new IllegalStateException("request: failed (expected: routed and sent)", broken);
      };
      request.getResponseHeaders().clear(); // those of the backend, and the session's cookie
      request.dispatch(SameThreadExecutor.INSTANCE, broke);
    }
  }

  /** Returns cookies in the one line that HTTP/1.1 needs; HTTP/2 clients may send several. */
  private static List<String> oneLine(List<String> cookies) {
    return (cookies.size() > 1) ? List.of(String.join("; ", cookies)) : cookies;
  }

  /** A connect. The first of its end and its timeout counts. */
  private final class Attempt implements ClientCallback<ClientConnection> {
    private final OriginConnections connections;
    private final ProxyCallback<ProxyConnection> callback;
    private XnioExecutor.@Nullable Key timer;
    private boolean isDone;

    Attempt(OriginConnections connections, ProxyCallback<ProxyConnection> callback) {
      this.connections = connections;
      this.callback = callback;
    }

    void start() {
      connections.take(request, this);
      if (!isDone) {
        timer = WorkerUtils.executeAfter(
            request.getIoThread(),
            () -> failed(new ConnectException("timeout")),
            connectTimeout.toMillis(),
            TimeUnit.MILLISECONDS);
      }
    }

    @Override
    public void completed(ClientConnection connected) {
      if (isDone || isOver()) {
        connections.giveBack(connected);
        return;
      }
      abandon();
      forgive();
      StickyConnection made = new StickyConnection(connected, connections, StickyTarget.this);
      connection = made;
      run(() -> callback.completed(request, new ProxyConnection(made, "")));
    }

    @Override
    public void failed(IOException cause) {
      if (!isDone) {
        abandon();
        forgive();
        request
            .getIoThread()
            .execute(() -> then(sticky().connectFailedAsync(), any -> attempt(callback)));
      }
    }

    void abandon() {
      isDone = true;
      if (timer != null) {
        timer.remove();
      }
    }
  }
}
