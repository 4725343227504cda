package dev.limpet.jetty;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Backend;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.StickyExchange;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.eclipse.jetty.client.EarlyHintsProtocolHandler;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Response.CompleteListener;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A reverse proxy of Jetty that keeps each session on its backend. If a backend cannot be connected
 * to, the request goes to another one, together with its body.
 *
 * <pre>{@code
 * HttpRouter<Request, Response> router =
 *     HttpRouter.of(pool, LbCookieAffinity.builder(pool, JettyAccess.INSTANCE).build());
 * server.setHandler(new StickyProxyHandler(router));
 * }</pre>
 *
 * <p>A subclass may override any method that is not final, if it calls the method of this class.
 * {@link #exchange} tells the backend. Jetty passes no WebSockets through a proxy.
 */
public class StickyProxyHandler extends ProxyHandler.Reverse {
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final Duration LEFT_AFTER = Duration.ofMinutes(1);

  private static final AtomicLong HANDLERS = new AtomicLong();

  private final String attribute =
      StickyProxyHandler.class.getName() + '.' + HANDLERS.incrementAndGet();
  private final HttpRouter<Request, Response> router;
  private Duration connectTimeout = Duration.ofSeconds(2);

  /**
   * Makes a proxy.
   *
   * @param router routes the requests, with {@link JettyAccess}
   */
  public StickyProxyHandler(HttpRouter<Request, Response> router) {
    super(Request::getHttpURI);
    this.router = requireNonNull(router, "router");
  }

  /**
   * {@return the time after which a backend that neither accepts nor refuses a connection is left
   * for another one}
   */
  public Duration getConnectTimeout() {
    return connectTimeout;
  }

  /**
   * Sets the time after which a backend that neither accepts nor refuses a connection is left for
   * another one. Takes effect when the handler makes its client, which is at its first start. An
   * {@code HttpClient} that {@link #setHttpClient} sets keeps its own. Default 2 seconds.
   *
   * @param timeout the time, 1 ms..1 day
   * @throws IllegalArgumentException if the time is out of range
   */
  public void setConnectTimeout(Duration timeout) {
    if (timeout.compareTo(LONGEST) > 0 || timeout.toMillis() < 1) {
      throw new IllegalArgumentException(
          "connectTimeout: " + timeout + " (expected: PT0.001S..PT24H)");
    }
    this.connectTimeout = timeout;
  }

  /**
   * Sets the client that connects to the backends. It must not keep cookies, or a backend's cookie
   * for one user would be sent with the requests of others.
   *
   * <p>Prefer {@link #configureHttpClient} and {@link #newHttpClient}: Jetty prepares only a client
   * that the handler makes for a proxy. With another, requests with {@code Expect: 100-continue}
   * wait without end, interim responses do not reach the client, and a 401 without {@code
   * WWW-Authenticate} is an error.
   *
   * @param client a client whose cookie store is {@link HttpCookieStore.Empty}; null for one that
   *     the handler makes
   * @throws IllegalArgumentException if the client keeps cookies
   */
  @Override
  public void setHttpClient(@Nullable HttpClient client) {
    if (client != null) {
      checkKeepsNoCookies(client);
    }
    super.setHttpClient(client);
  }

  /**
   * Starts the handler.
   *
   * @throws IllegalArgumentException if the client keeps cookies
   */
  @Override
  protected void doStart() throws Exception {
    super.doStart();
    checkKeepsNoCookies(getHttpClient());
    getHttpClient().getProtocolHandlers().put(new OtherInterimHandler());
  }

  @Override
  protected void configureHttpClient(HttpClient client) {
    super.configureHttpClient(client);
    client.setHttpCookieStore(new HttpCookieStore.Empty());
    client.setConnectTimeout(connectTimeout.toMillis());
    client.setDestinationIdleTimeout(LEFT_AFTER.toMillis());
  }

  /**
   * {@return the exchange of a request that this handler has routed, whose backend is the present
   * one} The handler closes it.
   *
   * @param clientToProxyRequest the request
   * @throws IllegalStateException if the request is not routed, or not yet
   */
  protected final StickyExchange<Request, Response> exchange(Request clientToProxyRequest) {
    return forwarding(clientToProxyRequest).exchange();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    CompletionStage<StickyExchange<Request, Response>> beginning = router.beginAsync(request);
    Request.addCompletionListener(request, ended -> close(beginning));
    request.addFailureListener(failure -> {
      if (!(failure instanceof TimeoutException)) { // the client may be idle while it waits
        close(beginning);
        abort(request, failure);
      }
    });
    then(beginning, request, (exchange, broken) -> {
      if (broken == null) {
        request.setAttribute(attribute, new Forwarding(exchange));
        forward(request, response, callback);
      } else {
        Response.writeError(request, response, callback, broken);
      }
    });
    return true;
  }

  /**
   * {@return the request's URI at its backend: the same path and query}
   *
   * @param clientToProxyRequest the request
   */
  @Override
  protected HttpURI rewriteHttpURI(Request clientToProxyRequest) {
    Backend backend = requireNonNull(exchange(clientToProxyRequest).backend(), "backend");
    return HttpURI.build(super.rewriteHttpURI(clientToProxyRequest))
        .scheme(backend.scheme())
        .authority(backend.authority());
  }

  @Override
  protected void copyRequestHeaders(
      Request clientToProxyRequest, org.eclipse.jetty.client.Request proxyToServerRequest) {
    super.copyRequestHeaders(clientToProxyRequest, proxyToServerRequest);
    exchange(clientToProxyRequest)
        .fieldsToBackend()
        .forEach((name, values) -> proxyToServerRequest.headers(fields -> {
          fields.remove(name);
          oneLineIfCookies(name, values).forEach(value -> fields.add(name, value));
        }));
  }

  @Override
  protected org.eclipse.jetty.client.Request.Content newProxyToServerRequestContent(
      Request clientToProxyRequest,
      Response proxyToClientResponse,
      org.eclipse.jetty.client.Request proxyToServerRequest) {
    return new StickyRequestContent(clientToProxyRequest, forwarding(clientToProxyRequest));
  }

  @Override
  protected void sendProxyToServerRequest(
      Request clientToProxyRequest,
      org.eclipse.jetty.client.Request proxyToServerRequest,
      Response proxyToClientResponse,
      Callback proxyToClientCallback) {
    forwarding(clientToProxyRequest).follow(proxyToServerRequest);
    super.sendProxyToServerRequest(
        clientToProxyRequest, proxyToServerRequest, proxyToClientResponse, proxyToClientCallback);
  }

  /** {@return a listener that also handles the session} */
  @Override
  protected final CompleteListener newServerToProxyResponseListener(
      Request clientToProxyRequest,
      org.eclipse.jetty.client.Request proxyToServerRequest,
      Response proxyToClientResponse,
      Callback proxyToClientCallback) {
    return new StickyResponseListener(
        clientToProxyRequest, proxyToServerRequest, proxyToClientResponse, proxyToClientCallback);
  }

  /**
   * Sends the request to another backend if nothing of it was sent, because its backend could not
   * be connected to. Otherwise answers with an error as {@link ProxyHandler} does.
   */
  @Override
  protected void onServerToProxyResponseFailure(
      Request clientToProxyRequest,
      org.eclipse.jetty.client.Request proxyToServerRequest,
      org.eclipse.jetty.client.Response serverToProxyResponse,
      Response proxyToClientResponse,
      Callback proxyToClientCallback,
      Throwable failure) {
    Forwarding forwarding = forwarding(clientToProxyRequest);
    if (forwarding.isUnsent() && !(failure instanceof TimeoutException)) {
      then(
          forwarding.exchange().connectFailedAsync(),
          clientToProxyRequest,
          (any, never) ->
              forward(clientToProxyRequest, proxyToClientResponse, proxyToClientCallback));
      return;
    }
    forwarding.report(failure);
    Throwable broken = forwarding.broken();
    if (broken != null) {
      Response.writeError(
          clientToProxyRequest, proxyToClientResponse, proxyToClientCallback, broken);
      return;
    }
    super.onServerToProxyResponseFailure(
        clientToProxyRequest,
        proxyToServerRequest,
        serverToProxyResponse,
        proxyToClientResponse,
        proxyToClientCallback,
        failure);
  }

  private void forward(Request request, Response response, Callback callback) {
    try {
      StickyExchange<Request, Response> exchange = exchange(request);
      if (exchange.backend() == null) {
        Response.writeError(request, response, callback, exchange.statusWithoutBackend());
      } else {
        super.handle(request, response, callback);
      }
    } catch (RuntimeException | Error broken) {
      Response.writeError(request, response, callback, broken);
    }
  }

  private void abort(Request request, Throwable failure) {
    if (request.getAttribute(attribute) instanceof Forwarding forwarding) {
      forwarding.abort(failure);
    }
  }

  private Forwarding forwarding(Request request) {
    if (request.getAttribute(attribute) instanceof Forwarding forwarding) {
      return forwarding;
    }
    throw new IllegalStateException("request: not routed (expected: handled by this handler)");
  }

  private static void close(CompletionStage<StickyExchange<Request, Response>> beginning) {
    CompletionStage<Void> unused = beginning.thenAccept(StickyExchange::close);
  }

  /** Continues at once if the stage is complete, and otherwise on a thread of the server. */
  private static <T> void then(
      CompletionStage<T> stage, Request request, BiConsumer<T, @Nullable Throwable> next) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    CompletableFuture<T> unused = future.isDone()
        ? future.whenComplete(next)
        : future.whenCompleteAsync(next, request.getComponents().getExecutor());
  }

  /** Returns cookies in the one line that HTTP/1.1 needs; HTTP/2 clients may send several. */
  private static List<String> oneLineIfCookies(String name, List<String> values) {
    return (values.size() > 1 && HttpHeader.COOKIE.is(name))
        ? List.of(String.join("; ", values))
        : values;
  }

  private static void checkKeepsNoCookies(HttpClient client) {
    HttpCookieStore store = client.getHttpCookieStore();
    if (store != null && !(store instanceof HttpCookieStore.Empty)) {
      throw new IllegalArgumentException("httpCookieStore: " + store.getClass().getName()
          + " (expected: HttpCookieStore.Empty, as cookies of one user would reach others)");
    }
  }

  /** Drops the interim responses that no other handler knows, as RFC 9110, section 15.2 allows. */
  private static final class OtherInterimHandler extends EarlyHintsProtocolHandler {
    @Override
    public String getName() {
      return "other-interim";
    }

    @Override
    public boolean accept(
        org.eclipse.jetty.client.Request request, org.eclipse.jetty.client.Response response) {
      int status = response.getStatus();
      return status > HttpStatus.EARLY_HINTS_103 && status < HttpStatus.OK_200;
    }
  }

  /** The body of a request, which stays usable for the next backend if a connect fails. */
  private static final class StickyRequestContent extends ProxyRequestContent {
    private final Forwarding forwarding;

    StickyRequestContent(Request request, Forwarding forwarding) {
      super(request);
      this.forwarding = forwarding;
    }

    @Override
    public Content.@Nullable Chunk read() {
      Content.@Nullable Chunk chunk = super.read();
      if (Content.Chunk.isFailure(chunk)) {
        forwarding.clientFailed();
      }
      return chunk;
    }

    @Override
    public void fail(Throwable failure, boolean last) {
      if (!forwarding.isUnsent()) {
        super.fail(failure, last);
      }
    }
  }

  /** Sends a response to the client when its session is stored. */
  private final class StickyResponseListener extends ProxyResponseListener {
    private final Request request;
    private final Response response;
    private CompletableFuture<Void> stored = CompletableFuture.completedFuture(null);

    StickyResponseListener(
        Request request,
        org.eclipse.jetty.client.Request sent,
        Response response,
        Callback callback) {
      super(request, sent, response, callback);
      this.request = request;
      this.response = response;
    }

    @Override
    public void onHeaders(org.eclipse.jetty.client.Response received) {
      super.onHeaders(received);
      stored = exchange(request).respondedAsync(response).toCompletableFuture();
      CompletableFuture<Void> unused = stored.whenComplete((done, broken) -> {
        if (broken != null) {
          forwarding(request).breakBy(broken);
          failed(broken); // ends a response without content, which cannot be aborted any longer
          CompletableFuture<Boolean> unusedToo = received.abort(broken);
        }
      });
    }

    @Override
    public void onContent(
        org.eclipse.jetty.client.Response received, Content.Chunk chunk, Runnable demander) {
      if (stored.isDone()) {
        super.onContent(received, chunk, demander);
        return;
      }
      chunk.retain();
      then(stored, request, (done, broken) -> {
        try {
          if (broken == null) {
            super.onContent(received, chunk, demander);
          }
        } finally {
          chunk.release();
        }
      });
    }

    @Override
    public void onSuccess(org.eclipse.jetty.client.Response received) {
      then(stored, request, (done, broken) -> {
        if (broken == null) {
          super.onSuccess(received);
        }
      });
    }
  }
}
