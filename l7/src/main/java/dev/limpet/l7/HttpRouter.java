package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.FailureKind;
import dev.limpet.core.Layer;
import dev.limpet.core.PassiveHealth;
import dev.limpet.core.Pool;
import dev.limpet.core.Profile;
import dev.limpet.core.Route;
import dev.limpet.core.RouterBuilder;
import dev.limpet.core.StickyRouter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Routes an HTTP request to the backend of its session: a {@link StickyRouter} that also handles
 * responses. Safe for use by many threads at once; never blocks.
 *
 * <p>{@link #begin} returns a {@link StickyExchange}, which suits most proxies. It combines {@link
 * #route}, {@link #fieldsToBackend}, {@link #reroute} and {@link #onResponse} in one object, reads
 * the request's fields only once, and is faster.
 *
 * @param <Q> the embedder's type of request
 * @param <S> the embedder's type of response
 */
public final class HttpRouter<Q, S> extends StickyRouter<Q> {
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int FIRST_FINAL = 200;

  private final HttpAffinity<Q, S> affinity;
  private final Messages<Q, S> messages;
  private final StickyRouter<StickyExchange<Q, S>> exchanges;
  private final EarlierResponses earlier;

  private HttpRouter(RouterBuilder<Q, HttpRouter<Q, S>> settings, HttpAffinity<Q, S> affinity) {
    super(settings);
    this.affinity = affinity;
    this.messages = new Messages<>(affinity.access());
    this.exchanges = inForm(ExchangeAffinity.of(affinity), StickyExchange::request);
    this.earlier = (settings.previous() instanceof HttpRouter<?, ?> previous)
        ? previous.earlier.and(previous.affinity, affinity)
        : EarlierResponses.NONE;
  }

  /**
   * {@return a router with default settings: {@link Profile#ENHANCED} and {@link
   * dev.limpet.core.Failover#MOVE}}
   *
   * @param pool the backends
   * @param affinity finds and binds the sessions
   * @param <Q> the embedder's type of request
   * @param <S> the embedder's type of response
   * @throws IllegalArgumentException if the profile does not allow the declared stickiness of the
   *     affinity (the message names all faults), or if the affinity is for another pool
   */
  public static <Q, S> HttpRouter<Q, S> of(Pool pool, HttpAffinity<Q, S> affinity) {
    return builder(pool, affinity).build();
  }

  /**
   * {@return a builder of a router}
   *
   * @param pool the backends
   * @param affinity finds and binds the sessions
   * @param <Q> the embedder's type of request
   * @param <S> the embedder's type of response
   * @throws IllegalArgumentException if the affinity is for another pool
   */
  public static <Q, S> RouterBuilder<Q, HttpRouter<Q, S>> builder(
      Pool pool, HttpAffinity<Q, S> affinity) {
    requireNonNull(affinity, "affinity").checkPool(requireNonNull(pool, "pool"));
    return new RouterBuilder<>(
        pool, affinity, Layer.LAYER_7, settings -> new HttpRouter<>(settings, affinity));
  }

  /**
   * Routes a request as {@link #route} does, and begins its exchange.
   *
   * @param request the request; may be changed afterwards
   * @return the exchange, with its first route
   */
  public StickyExchange<Q, S> begin(Q request) {
    StickyExchange<Q, S> exchange = exchange(request);
    exchange.begin(exchanges.route(exchange));
    return exchange;
  }

  /**
   * Routes a request as {@link #routeAsync} does, and begins its exchange.
   *
   * @param request the request; may be changed afterwards
   * @return a stage that completes with the exchange and its first route; exceptionally if an
   *     extractor, the access or a table of the embedder throws. A stage that the caller cancels or
   *     completes holds no connection, then or later
   */
  public CompletionStage<StickyExchange<Q, S>> beginAsync(Q request) {
    try {
      StickyExchange<Q, S> exchange = exchange(request);
      Beginning<Q, S> beginning = new Beginning<>(exchange);
      CompletionStage<Route> unused =
          exchanges.routeAsync(exchange).whenComplete(beginning::finish);
      return beginning;
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /**
   * Routes a request as {@link #routeUnbound} does, and begins its exchange. Use it for requests
   * without a session, such as CORS preflights.
   *
   * @param request the request; may be changed afterwards
   * @return the exchange, with its first route
   */
  public StickyExchange<Q, S> beginUnbound(Q request) {
    StickyExchange<Q, S> exchange = exchange(request);
    exchange.begin(exchanges.routeUnbound(exchange));
    return exchange;
  }

  /**
   * Returns the fields of a request that must change on the way to the backend, such as {@code
   * Cookie} without the LB cookie. Every other octet stays as it was received. Send all other
   * fields unchanged.
   *
   * @param request the request as it was received; not changed
   * @return the new values by the field's name; an empty list means that the field must be omitted
   */
  public Map<String, List<String>> fieldsToBackend(Q request) {
    return affinity.fieldsToBackend(request);
  }

  /**
   * Handles the response of a backend before it goes to the client: sets or refreshes the LB
   * cookie, or learns the application cookie. In a pool with {@link PassiveHealth}, reports a
   * success or, by the status, a failure. Call this once, with the final response. It does nothing
   * if the route has no backend or the response is informational (1xx); 101 Switching Protocols
   * counts as final. Do not call it for responses that the embedder makes itself.
   *
   * @param request the request as it was received
   * @param route the last route of this request, closed or not
   * @param response the response, which may be changed
   */
  public void onResponse(Q request, Route route, S response) {
    if (route.backend() != null && isFinal(response)) {
      report(route, response);
      affinity.onResponse(request, route, response);
    }
  }

  /**
   * Handles a response as {@link #onResponse} does, and updates the shared store. Do not send the
   * response before the stage is complete. By then, the store has recorded any session that the
   * response begins, or has missed its deadline.
   *
   * @param request the request as it was received
   * @param route the last route of this request, closed or not
   * @param response the response, which may be changed until the stage is complete
   * @return a stage that completes when the response may go to the client; exceptionally if the
   *     embedder's access or table throws, in which case the session may or may not be bound
   */
  public CompletionStage<Void> onResponseAsync(Q request, Route route, S response) {
    try {
      if (route.backend() == null || !isFinal(response)) {
        return HttpAffinity.DONE;
      }
      report(route, response);
      return affinity.onResponseAsync(request, route, response);
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /**
   * Ends a request's session, for example to move a client to another backend. The binding is
   * removed from its table, and the response deletes the LB cookie. Application cookies belong to
   * the application and are not deleted. A client that keeps its LB cookie nevertheless keeps its
   * session.
   *
   * @param request the request as it was received
   * @param response a response to the request: one of a backend, after {@link #onResponse}, or the
   *     embedder's own; may be changed
   */
  public void endSession(Q request, S response) {
    unbind(request);
    affinity.clear(response);
  }

  /**
   * Returns the status of the embedder's own response to a request that has no backend.
   *
   * @param route the last route of the request
   * @return 503 if the client may try again later; 404 if its session is over and it must begin a
   *     new one, as {@link McpAffinity} says
   */
  public int statusWithoutBackend(Route route) {
    return affinity.statusWithoutBackend(route);
  }

  /**
   * {@return the statistics of the affinity's responses so far} If this router {@linkplain
   * RouterBuilder#continuing continues} another one, those of its affinity are included.
   */
  public ResponseStats responseStats() {
    return earlier.and(affinity.responseStats());
  }

  /** Keeps a copy of the cookies, as some frameworks return the list that they change later. */
  private StickyExchange<Q, S> exchange(Q request) {
    return new StickyExchange<>(this, request, List.copyOf(messages.cookies(request)));
  }

  /** {@return a view of this router for exchanges} */
  StickyRouter<StickyExchange<Q, S>> exchanges() {
    return exchanges;
  }

  Map<String, List<String>> fieldsToBackend(StickyExchange<Q, S> exchange) {
    return FieldAffinity.fieldsToBackend(affinity, exchange, exchange.cookies());
  }

  void respond(StickyExchange<Q, S> exchange, Route route, S response) {
    report(route, response);
    FieldAffinity.onResponse(affinity, exchange, route, response);
  }

  CompletionStage<Void> respondAsync(StickyExchange<Q, S> exchange, Route route, S response) {
    report(route, response);
    return FieldAffinity.onResponseAsync(affinity, exchange, route, response);
  }

  void endSession(StickyExchange<Q, S> exchange, S response) {
    exchanges.unbind(exchange);
    affinity.clear(response);
  }

  /** Reports whether the backend served the request. */
  private void report(Route route, S response) {
    PassiveHealth health = pool().passiveHealth();
    if (health == null) {
      return;
    }
    if (health.isFailure(messages.access().status(response))) {
      failed(route, FailureKind.STATUS);
    } else {
      succeeded(route);
    }
  }

  boolean isFinal(S response) {
    int status = messages.access().status(response);
    return status >= FIRST_FINAL || status == SWITCHING_PROTOCOLS;
  }

  /**
   * A stage that completes with an exchange when it has a route, and closes the exchange if the
   * caller completed the stage first.
   */
  private static final class Beginning<Q, S> extends CompletableFuture<StickyExchange<Q, S>> {
    private final StickyExchange<Q, S> exchange;

    Beginning(StickyExchange<Q, S> exchange) {
      this.exchange = exchange;
    }

    void finish(@Nullable Route route, @Nullable Throwable thrown) {
      if (route == null) {
        completeExceptionally((thrown == null) ? new IllegalStateException("route") : thrown);
        return;
      }
      exchange.begin(route);
      if (!complete(exchange)) {
        exchange.close();
      }
    }
  }
}
