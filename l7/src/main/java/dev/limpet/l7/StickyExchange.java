package dev.limpet.l7;

import dev.limpet.core.Backend;
import dev.limpet.core.FailureKind;
import dev.limpet.core.Route;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP request on its way through a proxy: its present backend, the fields to send, and the
 * effect of its response on the session. Made by {@link HttpRouter#begin}.
 *
 * <pre>{@code
 * try (StickyExchange<Request, Response> exchange = router.begin(request)) {
 *   while (exchange.backend() != null && !connect(exchange.backend())) {
 *     exchange.connectFailed(); // to the next backend
 *   }
 *   if (exchange.backend() != null) {
 *     Response response = send(request, exchange.fieldsToBackend(), exchange.backend());
 *     exchange.responded(response); // sets or learns the cookie
 *     reply(response);
 *   } else {
 *     reply(unavailable()); // 503
 *   }
 * }
 * }</pre>
 *
 * <p>An exchange keeps the request. The affinities of this package read its fields once, when it
 * begins, so the request may be changed afterwards. An affinity that {@link HttpAffinity#of} adapts
 * reads the request again, for example after a failed connect; leave what identifies its sessions
 * as it was received.
 *
 * <p>Close an exchange when it ends:
 *
 * <ul>
 * <li>normally, after the last byte of the response and the last byte of the request have been sent
 * <li>if the client cancels, at once
 * <li>for a tunnel, such as a WebSocket after the upgrade, when the connection to the backend is
 *   closed
 * <li>for a stream, such as server-sent events, when the stream ends
 * </ul>
 *
 * <p>In a pool that {@linkplain dev.limpet.core.PoolBuilder#countConnections counts connections},
 * an exchange holds a connection of its backend until it is closed. In other pools it holds
 * nothing; close it nevertheless.
 *
 * <p>For use by one thread at a time, except {@link #close}, which any thread may call at any time.
 *
 * @param <Q> the embedder's type of request
 * @param <S> the embedder's type of response
 */
public final class StickyExchange<Q, S> implements AutoCloseable {
  /*
   * A call of close may race with a change of the route. Each first writes its own field and then
   * reads the other's. So at least one of them closes the new route, and closing it twice does no
   * harm.
   */

  private static final VarHandle ROUTE;

  static {
    try {
      ROUTE = MethodHandles.lookup().findVarHandle(StickyExchange.class, "route", Route.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final HttpRouter<Q, S> router;
  private final Q request;
  private final List<String> cookies;
  private @Nullable Object reader;
  private @Nullable Object read;
  private volatile @Nullable Route route;
  private volatile boolean isClosed;
  private boolean isAnswered;
  private boolean isFailed;

  /**
   * Makes an exchange that has no route yet.
   *
   * @param cookies the request's Cookie fields
   */
  StickyExchange(HttpRouter<Q, S> router, Q request, List<String> cookies) {
    this.router = router;
    this.request = request;
    this.cookies = cookies;
  }

  /** {@return the request that was given to the router} */
  public Q request() {
    return request;
  }

  /** {@return the present route; also after the exchange is closed} */
  public Route route() {
    Route present = route;
    if (present == null) {
      throw new IllegalStateException("route: absent (expected: routed)");
    }
    return present;
  }

  /**
   * {@return the backend to connect to; null if none is left, or the exchange is closed} If it is
   * null, respond with {@link #statusWithoutBackend} if the client is still connected.
   */
  public @Nullable Backend backend() {
    return isClosed ? null : route().backend();
  }

  /**
   * Returns the fields of the request that must change on the way to the backend, as {@link
   * HttpRouter#fieldsToBackend} does. Uses the cookies that were read when the exchange began.
   *
   * @return the new values by the field's name; an empty list means that the field must be omitted
   */
  public Map<String, List<String>> fieldsToBackend() {
    return router.fieldsToBackend(this);
  }

  /**
   * Switches to the next backend after the embedder could not connect to the present one. (HAProxy
   * calls this redispatch.) Call it only if nothing of the request has been sent. Never throws: if
   * an extractor or a table of the embedder throws, the exchange is closed.
   *
   * @return true if there is another backend to connect to; false if none is left, or the exchange
   *     was closed meanwhile
   */
  public boolean connectFailed() {
    Route failed = route();
    if (isClosed || failed.backend() == null) {
      return false;
    }
    try {
      return take(router.exchanges().reroute(this, failed));
    } catch (Exception broken) {
      return giveUp();
    }
  }

  /**
   * Switches to the next backend as {@link #connectFailed} does, and asks the shared store.
   *
   * @return a stage that completes with true if there is another backend to connect to; never
   *     completes exceptionally
   */
  public CompletionStage<Boolean> connectFailedAsync() {
    Route failed = route();
    if (isClosed || failed.backend() == null) {
      return CompletableFuture.completedStage(false);
    }
    CompletableFuture<Boolean> connectable = new CompletableFuture<>();
    try {
      CompletionStage<Route> unused = router
          .exchanges()
          .rerouteAsync(this, failed)
          .whenComplete((next, thrown) -> connectable.complete(takeIfRouted(next)));
    } catch (Exception broken) {
      connectable.complete(giveUp());
    }
    return connectable;
  }

  /**
   * Reports that the request failed at the present backend, so that a pool with {@link
   * dev.limpet.core.PassiveHealth} can eject it. It counts once for a backend, and only before
   * {@link #responded}. Do not report a failed connect, because {@link #connectFailed} does, nor a
   * request that the client cancelled. The exchange stays open.
   *
   * @param kind the way in which it failed
   */
  public void failed(FailureKind kind) {
    if (!isAnswered && !isFailed) {
      isFailed = true;
      router.failed(route(), kind);
    }
  }

  /**
   * Handles the backend's response before it goes to the client, as {@link HttpRouter#onResponse}
   * does: sets or refreshes the LB cookie, or learns the application cookie. Only the first final
   * response counts; informational responses (1xx, except 101 Switching Protocols) and later ones
   * are ignored. Do not call it for responses that the embedder makes itself: the client would get
   * a cookie for a backend that did not answer.
   *
   * @param response the response, which may be changed
   */
  public void responded(S response) {
    if (takeAnswer(response)) {
      router.respond(this, route(), response);
    }
  }

  /**
   * Handles the backend's response as {@link #responded} does, and updates the shared store. Do not
   * send the response before the stage is complete. By then, the store has recorded any session
   * that the response begins, or has missed its deadline. Unless the response begins a session in a
   * shared table, the stage is already complete.
   *
   * @param response the response, which may be changed until the stage is complete
   * @return a stage that completes when the response may go to the client; exceptionally if the
   *     embedder's access or table throws, in which case the session may or may not be bound. The
   *     exchange stays open
   */
  public CompletionStage<Void> respondedAsync(S response) {
    try {
      return takeAnswer(response)
          ? router.respondAsync(this, route(), response)
          : HttpAffinity.DONE;
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /**
   * Ends the request's session as {@link HttpRouter#endSession} does.
   *
   * @param response a response to the request: one of the backend, after {@link #responded}, or the
   *     embedder's own; may be changed
   */
  public void endSession(S response) {
    router.endSession(this, response);
  }

  /**
   * {@return the status of the embedder's own response if there is no {@link #backend}: 503, or 404
   * if the session is over and the client must begin a new one}
   */
  public int statusWithoutBackend() {
    return router.statusWithoutBackend(route());
  }

  /**
   * Ends the exchange. Closing it again does nothing. If the backend has not responded, this says
   * nothing about its health.
   */
  @Override
  public void close() {
    isClosed = true;
    Route present = route;
    if (present != null) {
      present.cancel();
    }
  }

  /** {@return the outcome, the backend's name and the reason of the present route} */
  @Override
  public String toString() {
    return "StickyExchange[" + route + ']';
  }

  /** Sets the first route, before other threads can see this exchange. */
  void begin(Route first) {
    ROUTE.set(this, first);
  }

  /** Sets a later route. Returns whether there is a backend to connect to. */
  private boolean take(Route next) {
    isFailed = false;
    route = next;
    if (isClosed) {
      next.cancel();
    }
    return backend() != null;
  }

  private boolean takeIfRouted(@Nullable Route next) {
    try {
      return (next == null) ? giveUp() : take(next);
    } catch (Exception broken) {
      return giveUp();
    }
  }

  /** {@return the request's Cookie fields as they were received} */
  List<String> cookies() {
    return cookies;
  }

  /** {@return what a reader has read from the request before, or null} */
  @SuppressWarnings("ReferenceEquality") // readers are told apart by identity
  @Nullable
  Object remembered(Object by) {
    return (reader == by) ? read : (read instanceof Memos others) ? others.of.get(by) : null;
  }

  /**
   * Remembers what a reader has read from the request. Several readers, as in a chain of
   * affinities, do not disturb each other.
   */
  @SuppressWarnings("ReferenceEquality") // readers are told apart by identity
  void remember(Object by, @Nullable Object found) {
    if (reader == null || reader == by) {
      reader = by;
      read = found;
    } else {
      Memos all = (read instanceof Memos known) ? known : new Memos(reader, read);
      all.of.put(by, found);
      reader = all;
      read = all;
    }
  }

  /** Returns whether a response is the first final one, which is remembered. */
  private boolean takeAnswer(S response) {
    boolean first = !isAnswered && route().backend() != null && router.isFinal(response);
    isAnswered |= first;
    return first;
  }

  private boolean giveUp() {
    close();
    return false;
  }

  /** What several readers have read. */
  private static final class Memos {
    private final IdentityHashMap<Object, @Nullable Object> of = new IdentityHashMap<>();

    Memos(Object first, @Nullable Object read) {
      of.put(first, read);
    }
  }
}
