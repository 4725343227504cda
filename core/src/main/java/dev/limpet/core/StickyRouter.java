package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Routes a request to the backend of its session. Safe for use by many threads at once; never
 * blocks.
 *
 * <pre>{@code
 * Route route = router.route(request);
 * while (route.backend() != null && !connect(route.backend())) {
 *   route = router.reroute(request, route);
 * }
 * }</pre>
 *
 * <p>In a pool that {@linkplain PoolBuilder#countConnections counts connections}, close the last
 * route of each request.
 *
 * <p>A subclass can add methods, but cannot override any. To test code that uses a router, use a
 * real one with a small pool.
 *
 * @param <R> the embedder's type of request or connection
 */
public class StickyRouter<R> {
  private final Pool pool;
  private final Affinity<? super R> affinity;
  private final RequestResolver<R> resolver;
  private final RouteRecorder<R> recorder;
  private final Drains drains;
  private final LongAdder abandoned;

  /**
   * Makes a router. For subclasses that do more than this class.
   *
   * @param settings the pool, the affinity and the other settings
   */
  protected StickyRouter(RouterBuilder<R, ?> settings) {
    this.pool = settings.pool;
    this.affinity = settings.affinity;
    StickyRouter<?> previous = settings.previous();
    this.abandoned = (previous == null) ? new LongAdder() : previous.abandoned;
    this.resolver = new RequestResolver<>(settings, abandoned);
    this.recorder = (previous == null)
        ? new RouteRecorder<>(settings.listener)
        : previous.recorder.continued(settings.listener);
    this.drains =
        new Drains(settings.pool, settings.affinity, pool.environment().clock());
  }

  private <Q> StickyRouter(
      StickyRouter<Q> same,
      Affinity<? super R> affinity,
      Function<? super R, ? extends Q> request) {
    this.pool = same.pool;
    this.affinity = affinity;
    this.abandoned = same.abandoned;
    this.resolver = new RequestResolver<>(same.resolver, affinity, request, abandoned);
    this.recorder = new RouteRecorder<>(same.recorder, request);
    this.drains = same.drains;
  }

  /**
   * Returns a view of this router for requests of another type. Both share the pool, settings,
   * drains, listener and statistics.
   *
   * @param affinity the same affinity, for requests of that type
   * @param request converts a request of that type, for the listener
   * @param <F> the other type of request
   * @return the view
   */
  protected final <F> StickyRouter<F> inForm(
      Affinity<? super F> affinity, Function<? super F, ? extends R> request) {
    return new StickyRouter<>(this, affinity, request);
  }

  /**
   * {@return a router with default settings: {@link Profile#ENHANCED} and {@link Failover#MOVE}}
   *
   * @param pool the backends
   * @param affinity finds and binds the sessions; {@link Affinity#none} for no stickiness
   * @param <R> the embedder's type of request or connection
   * @throws FaultException if {@link Profile#ENHANCED} does not allow the declared stickiness of
   *     the affinity; the message names all faults
   */
  public static <R> StickyRouter<R> of(Pool pool, Affinity<? super R> affinity) {
    return StickyRouter.<R>builder(pool, affinity).build();
  }

  /**
   * {@return a builder of a router}
   *
   * @param pool the backends
   * @param affinity finds and binds the sessions; {@link Affinity#none} for no stickiness
   * @param <R> the embedder's type of request or connection
   */
  public static <R> RouterBuilder<R, StickyRouter<R>> builder(
      Pool pool, Affinity<? super R> affinity) {
    return new RouterBuilder<>(pool, affinity, null, StickyRouter::new);
  }

  /**
   * Routes a request and counts as one use of its session. A new session is bound before this
   * returns, so concurrent first requests of a session get the same backend.
   *
   * <p>Never waits. If several proxies share the affinity's table, this uses what this process
   * knows, updates the store in the background, and applies the store's response later. So if
   * another proxy has just moved the session or learned its application cookie, one request may go
   * to the wrong backend. Use {@link #routeAsync} with a shared table. A blocking proxy calls
   * {@code router.routeAsync(request).toCompletableFuture().join()}, which waits no longer than the
   * store's deadline.
   *
   * @param request the request
   * @return the route; never null, but its backend may be
   */
  public final Route route(R request) {
    return recorder.recordFirst(request, held(request, resolver.resolve(request)));
  }

  /**
   * Routes a request as {@link #route} does, but asks the shared store about a session that this
   * process does not know. The stage is already complete if this process knows the session, or if
   * no other process shares the table. Otherwise, it completes on the thread that delivers the
   * store's answer. If the caller cancels or completes the stage, it never holds a connection.
   *
   * @param request the request
   * @return a stage that completes with the route
   */
  public final CompletionStage<Route> routeAsync(R request) {
    CompletionStage<?> known = resolver.askBefore(request);
    return (known == null)
        ? routeKnown(request)
        : heldAsync(
            request,
            known.thenCompose(asked -> resolver.resolveAsync(request, resolver.begin(request))),
            route -> recorder.recordFirst(request, route));
  }

  /**
   * Routes a request to another backend after the embedder could not connect to the first. (HAProxy
   * calls this redispatch.) It never returns a backend that this request has tried. A session that
   * was already bound is handled as the router's {@link Failover} says. A new session is bound to
   * the next choice. If no backend is left, the binding is restored to what it was before the
   * request. In a pool with {@link PassiveHealth}, this reports the failed connect. In other pools,
   * the backend stays in use until a health check reports it down.
   *
   * @param request the request
   * @param failed the last route of this request, closed or not; this method closes it. A backend
   *     that was at capacity counts as tried
   * @return the new route; its {@link Route#failed} is the failed route
   * @throws IllegalArgumentException if the failed route has no backend
   */
  public final Route reroute(R request, Route failed) {
    closeFailed(failed);
    Route next = resolver.resolveAgain(request, failed, Reason.CONNECT_FAILED);
    return recorder.recordReroute(request, held(request, next));
  }

  /**
   * Routes a request again as {@link #reroute} does, and asks the shared store. If the caller
   * cancels or completes the stage, it never holds a connection.
   *
   * @param request the request
   * @param failed the last route of this request, closed or not; this method closes it
   * @return a stage that completes with the new route
   * @throws IllegalArgumentException if the failed route has no backend
   */
  public final CompletionStage<Route> rerouteAsync(R request, Route failed) {
    closeFailed(failed);
    return heldAsync(
        request,
        resolver.resolveAgainAsync(request, failed, Reason.CONNECT_FAILED),
        route -> recorder.recordReroute(request, route));
  }

  private void closeFailed(Route failed) {
    failed(requireNonNull(failed, "failed"), FailureKind.CONNECT);
    failed.cancel(); // not close, which would readmit the backend if the report did not count
  }

  /**
   * Reports that a request failed at the backend of its route. In a pool with {@link
   * PassiveHealth}, the backend may be ejected. Otherwise, this does nothing. Call it at most once
   * for a route, and not before {@link #reroute}, which reports a failed connect itself. Do not
   * report a request that the client cancelled. The route stays open.
   *
   * @param route a route of this router; without a backend, nothing is reported
   * @param kind the way in which the request failed
   */
  public final void failed(Route route, FailureKind kind) {
    requireNonNull(kind, "kind");
    Member member = route.member();
    Ejections ejections = pool.ejections();
    if (ejections != null
        && member != null
        && ejections.rules().counts(kind)
        && route.mayReportFailure()) {
      ejections.fail(member, kind);
    }
  }

  /**
   * Reports that a backend has served a request: it responded or, for a connection that is only
   * passed through, it accepted the connection. In a pool with {@link PassiveHealth}, failures
   * before this do not count any longer. Otherwise, this does nothing. The route stays open.
   *
   * @param route a route of this router; without a backend, nothing is reported
   */
  public final void succeeded(Route route) {
    Member member = route.member();
    Ejections ejections = pool.ejections();
    if (ejections != null && member != null) {
      ejections.succeed(member);
    }
  }

  /**
   * Routes a request without stickiness: it looks up no session and binds none. It is counted as a
   * request with the outcome {@link Outcome#UNBOUND} and the reason {@link Reason#IGNORED}.
   *
   * @param request the request
   * @return the route; never null, but its backend may be
   */
  public final Route routeUnbound(R request) {
    return recorder.recordFirst(request, held(request, resolver.unbound(request, Reason.IGNORED)));
  }

  /**
   * {@return the backend that a request's session is bound to, or the reason why it is not bound}
   * This is not a use of the session; nothing is changed or counted.
   *
   * @param request the request
   */
  public final Recall peek(R request) {
    return resolver.peek(request);
  }

  /**
   * Removes the binding of a request's session from its table. An LB cookie is not affected,
   * because the client keeps that binding.
   *
   * @param request the request
   * @return true if there was a binding and this call removed it
   */
  public final boolean unbind(R request) {
    return resolver.unbind(request);
  }

  /**
   * Drains a backend. The stage completes when the backend has no sessions of this router and, in a
   * pool that counts them, no connections. A pool that does not count connections does not see
   * requests in flight, and the response to such a request may still set an application cookie of
   * the backend.
   *
   * <p>Call {@link #advanceDrains} regularly; the stage completes during such a call, on its
   * thread. To move the sessions that are left at the deadline, remove the backend from the pool.
   *
   * @param id the backend's id
   * @param deadline the longest time to wait, zero or more
   * @return a stage that completes with the result of the drain
   * @throws IllegalArgumentException if the pool does not have the backend, or the deadline is
   *     negative
   */
  public final CompletionStage<Drained> drain(String id, Duration deadline) {
    return drains.begin(id, deadline);
  }

  /**
   * Drains a backend as {@link #drain(String, Duration)} does, and uses an executor to check it.
   * The stage completes on the executor's thread, or in a call of {@link #advanceDrains} if that
   * comes first. It completes exceptionally if the executor rejects a task.
   *
   * @param id the backend's id
   * @param deadline the longest time to wait, zero or more
   * @param executor runs one short task at a time, at least once a second
   * @return a stage that completes with the result of the drain
   * @throws IllegalArgumentException if the pool does not have the backend, or the deadline is
   *     negative
   */
  public final CompletionStage<Drained> drain(
      String id, Duration deadline, ScheduledExecutorService executor) {
    return drains.begin(id, deadline, executor);
  }

  /** Completes the drains that have ended. Cheap if there are none. */
  public final void advanceDrains() {
    drains.advance();
  }

  /**
   * Records a use of every session that has an open route, in a pool that counts connections. Only
   * shared tables need this. Call it at least four times per stickiness duration, for example with
   * {@code executor.scheduleAtFixedRate(router::renewOpenSessions, …)}. It visits every open route
   * of the pool.
   */
  public final void renewOpenSessions() {
    resolver.renewOpenSessions();
  }

  /** {@return the statistics of this router so far} */
  public final RouterStats stats() {
    pool.heldRoutes().takeBack();
    return recorder.stats(abandoned.sum());
  }

  /** {@return the pool} */
  public final Pool pool() {
    return pool;
  }

  /** {@return the affinity that finds and binds the sessions} */
  public final Affinity<? super R> affinity() {
    return affinity;
  }

  private CompletionStage<Route> routeKnown(R request) {
    NextStep step = resolver.begin(request);
    return (step instanceof Route route && (!pool.counts() || route.isHeld()))
        ? CompletableFuture.completedStage(recorder.recordFirst(request, route))
        : later(request, step);
  }

  /** Separate from {@link #routeAsync}, which must not allocate the lambda. */
  private CompletionStage<Route> later(R request, NextStep step) {
    UnaryOperator<Route> answer = route -> recorder.recordFirst(request, route);
    if (!(step instanceof Route known)) {
      return heldAsync(request, resolver.resolveAsync(request, step), answer);
    }
    Reason refusal = acquire(known);
    return (refusal == null)
        ? CompletableFuture.completedStage(recorder.recordFirst(request, hold(request, known)))
        : heldAsync(request, resolver.resolveAgainAsync(request, known, refusal), answer);
  }

  /**
   * Acquires a connection for a route, and reroutes the request until one is available. Returns the
   * route that holds the connection, or one without a backend.
   */
  private Route held(R request, Route first) {
    if (!pool.counts()) {
      return first;
    }
    Route route = first;
    Reason refusal = acquire(route);
    while (refusal != null) {
      route = resolver.resolveAgain(request, route, refusal);
      refusal = acquire(route);
    }
    return hold(request, route);
  }

  private CompletionStage<Route> heldAsync(
      R request, CompletionStage<Route> first, UnaryOperator<Route> answer) {
    if (!pool.counts()) {
      return first.thenApply(answer);
    }
    Handover handover = new Handover(request, answer);
    handover.follow(first);
    return handover;
  }

  /**
   * Acquires a connection of the route's backend. Returns null on success or if the route has no
   * backend, otherwise the reason why not.
   */
  private @Nullable Reason acquire(Route route) {
    pool.heldRoutes().takeBack();
    Member member = route.member();
    if (member == null || route.isHeld()) {
      return null;
    }
    if (!member.acquire()) {
      member.giveBackProbe();
      return Reason.BACKEND_FULL;
    }
    if (route.isBound() || pool.snapshot().takesNew(member)) {
      return null;
    }
    member.load().release();
    member.giveBackProbe();
    return requireNonNull(route.reason(), "reason");
  }

  private Route hold(R request, Route acquired) {
    Member member = acquired.member();
    if (member == null || acquired.isHeld()) {
      return acquired;
    }
    try {
      return resolver.hold(request, acquired, member);
    } catch (RuntimeException | Error e) {
      member.giveBackProbe();
      throw e;
    }
  }

  /**
   * Completes with the first route whose backend had a free connection. If the caller completes
   * this stage first, no further connection is acquired, and one that was acquired at that moment
   * is released.
   */
  private final class Handover extends CompletableFuture<Route> {
    private final R request;
    private final UnaryOperator<Route> answer;

    Handover(R request, UnaryOperator<Route> answer) {
      this.request = request;
      this.answer = answer;
    }

    void follow(CompletionStage<Route> next) {
      CompletionStage<Void> unused = next.handle((route, thrown) -> {
        if (thrown != null) {
          completeExceptionally(thrown);
        } else if (isDone()) {
          route.cancel();
        } else {
          tryAt(route);
        }
        return null;
      });
    }

    private void tryAt(Route route) {
      try {
        Reason refusal = acquire(route);
        if (refusal == null) {
          handOver(answer.apply(hold(request, route)));
        } else {
          follow(resolver.resolveAgainAsync(request, route, refusal));
        }
      } catch (RuntimeException | Error e) {
        completeExceptionally(e);
      }
    }

    private void handOver(Route held) {
      if (!complete(held)) {
        held.cancel();
      }
    }
  }
}
