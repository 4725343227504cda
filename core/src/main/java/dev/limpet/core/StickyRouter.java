package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Routes the requests of one session to one backend. Safe for use by many threads at once; never
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
 * <p>A subclass can add verbs and change none. To test code that routes, use a router over a small
 * pool.
 *
 * @param <R> the embedder's request, or connection
 */
public class StickyRouter<R> {
  private final Pool pool;
  private final RequestResolver<R> resolver;
  private final RouteRecorder<R> recorder;
  private final Drains drains;
  private final LongAdder abandoned = new LongAdder();

  /**
   * Makes a router, for routers that do more than this one.
   *
   * @param settings the pool, the affinity and the rules
   */
  protected StickyRouter(RouterBuilder<R, ?> settings) {
    this.pool = settings.pool;
    this.resolver = new RequestResolver<>(settings);
    this.recorder = new RouteRecorder<>(settings.listener);
    this.drains =
        new Drains(settings.pool, settings.affinity, pool.environment().clock());
  }

  /**
   * {@return a router that moves sessions whose backend cannot serve}
   *
   * @param pool the backends
   * @param affinity knows the sessions
   * @param <R> the embedder's request
   * @throws FaultException if {@link Profile#ENHANCED} does not allow what the affinity declares;
   *     the message names all faults
   */
  public static <R> StickyRouter<R> of(Pool pool, Affinity<? super R> affinity) {
    return StickyRouter.<R>builder(pool, affinity).build();
  }

  /**
   * {@return a builder}
   *
   * @param pool the backends
   * @param affinity knows the sessions; {@link Affinity#none} for none
   * @param <R> the embedder's request
   */
  public static <R> RouterBuilder<R, StickyRouter<R>> builder(
      Pool pool, Affinity<? super R> affinity) {
    return new RouterBuilder<>(pool, affinity, null, StickyRouter::new);
  }

  /**
   * Routes a request, as one use of its session. Binds a new session before it returns, so that all
   * its first requests agree.
   *
   * <p>Never waits. If the affinity's table is shared by several proxies, {@code route} answers
   * from what this process knows, tells the store, and is corrected by its answer: a session that
   * another proxy moved, or an application cookie that another proxy learned, may be sent to the
   * wrong backend once. Use {@link #routeAsync} there. A blocking proxy writes {@code
   * router.routeAsync(request).toCompletableFuture().join()}; it waits at most for the store's
   * deadline.
   *
   * @param request the request
   * @return where it goes; never null
   */
  public final Route route(R request) {
    return recorder.recordFirst(request, held(request, resolver.resolve(request)));
  }

  /**
   * Routes a request as {@link #route} does, and asks the place where sessions are shared for one
   * that this process does not know. The stage of a session that is known here is complete when it
   * is returned, and that of a table which nobody shares always is; others complete on the thread
   * of whoever answers. A stage that the caller cancels or completes holds no connection, then or
   * later.
   *
   * @param request the request
   * @return where it goes, in the end
   */
  public final CompletionStage<Route> routeAsync(R request) {
    NextStep step = resolver.begin(request);
    return (step instanceof Route route && !pool.counts())
        ? CompletableFuture.completedStage(recorder.recordFirst(request, route))
        : later(request, step);
  }

  /**
   * Routes a request again, to a backend that it has not tried, after the embedder could not
   * connect. (HAProxy calls this redispatch.) A bound session gets what its {@link Failover} says;
   * a session that is new is bound to the next choice; if nothing is left, the binding is again
   * what the request found. The pool does not change: reporting a backend down is up to health
   * checks.
   *
   * @param request the request
   * @param failed the last route of this request, closed or not; this closes it. A backend that had
   *     no connection left counts as tried
   * @return where it goes now; {@link Route#failed} is the failed route
   * @throws IllegalArgumentException if the failed route has no backend
   */
  public final Route reroute(R request, Route failed) {
    requireNonNull(failed, "failed").close();
    Route next = resolver.resolveAgain(request, failed, Reason.CONNECT_FAILED);
    return recorder.recordReroute(request, held(request, next));
  }

  /**
   * Routes a request again as {@link #reroute} does, and asks the place where sessions are shared.
   * A stage that the caller cancels or completes holds no connection, then or later.
   *
   * @param request the request
   * @param failed the last route of this request, closed or not; this closes it
   * @return where it goes now, in the end
   * @throws IllegalArgumentException if the failed route has no backend
   */
  public final CompletionStage<Route> rerouteAsync(R request, Route failed) {
    requireNonNull(failed, "failed").close();
    return heldAsync(
        request,
        resolver.resolveAgainAsync(request, failed, Reason.CONNECT_FAILED),
        route -> recorder.recordReroute(request, route));
  }

  /**
   * Routes a request as if it belonged to no session: nothing is recalled and nothing bound. Counts
   * as a request with the outcome {@link Outcome#UNBOUND} and the reason {@link Reason#IGNORED}.
   *
   * @param request the request
   * @return where it goes; never null
   */
  public final Route routeUnbound(R request) {
    return recorder.recordFirst(request, held(request, resolver.unbound(request)));
  }

  /**
   * {@return what is known of a request's session} Uses, changes and counts nothing.
   *
   * @param request the request
   */
  public final Recall peek(R request) {
    return resolver.peek(request);
  }

  /**
   * Forgets a request's session, where its binding is kept in this process.
   *
   * @param request the request
   * @return whether there was a binding and this call removed it
   */
  public final boolean unbind(R request) {
    return resolver.unbind(request);
  }

  /**
   * Drains a backend, and says when nothing of it is left: it has no sessions of this router any
   * more and, in a pool that counts them, no connections. In other pools a request on its way is
   * not seen: its response may still issue an app cookie of the backend. Call {@link
   * #advanceDrains} now and then; the stage completes in such a call, on its thread. To move the
   * sessions that are left at the deadline, remove the backend.
   *
   * @param id the backend's id
   * @param deadline how long to wait at most, zero or more
   * @return what became of it
   * @throws IllegalArgumentException if the pool does not have the backend, or the deadline is
   *     negative
   */
  public final CompletionStage<Drained> drain(String id, Duration deadline) {
    return drains.begin(id, deadline);
  }

  /**
   * Drains a backend as {@link #drain(String, Duration)} does, and lets an executor look after it.
   * The stage completes on its thread, or in a call of {@link #advanceDrains} if that comes first;
   * exceptionally if the executor rejects a task.
   *
   * @param id the backend's id
   * @param deadline how long to wait at most, zero or more
   * @param executor is given one short task at a time, once a second or more often
   * @return what became of it
   * @throws IllegalArgumentException if the pool does not have the backend, or the deadline is
   *     negative
   */
  public final CompletionStage<Drained> drain(
      String id, Duration deadline, ScheduledExecutorService executor) {
    return drains.begin(id, deadline, executor);
  }

  /** Completes the drains that are done. Cheap if there are none. */
  public final void advanceDrains() {
    drains.advance();
  }

  /** {@return what was answered so far} */
  public final RouterStats stats() {
    pool.heldRoutes().takeBack();
    return recorder.stats(abandoned.sum());
  }

  /** {@return the pool} */
  public final Pool pool() {
    return pool;
  }

  /** Apart from {@link #routeAsync}, where nothing is to be allocated for it. */
  private CompletionStage<Route> later(R request, NextStep step) {
    UnaryOperator<Route> answer = route -> recorder.recordFirst(request, route);
    if (!(step instanceof Route known)) {
      return heldAsync(request, resolver.finishAsync(step), answer);
    }
    Reason refusal = acquire(known);
    return (refusal == null)
        ? CompletableFuture.completedStage(recorder.recordFirst(request, hold(known)))
        : heldAsync(request, resolver.resolveAgainAsync(request, known, refusal), answer);
  }

  /**
   * {@return the first route from this one on whose backend had a connection to give, holding it}
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
    return hold(route);
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
   * {@return null if a route has no backend, or a connection of its backend is ours now; else why
   * it is not}
   */
  private @Nullable Reason acquire(Route route) {
    pool.heldRoutes().takeBack();
    Member member = route.member();
    if (member == null) {
      return null;
    }
    if (!member.acquire()) {
      return Reason.BACKEND_FULL;
    }
    if (route.isBound() || pool.snapshot().takesNew(member)) {
      return null;
    }
    member.load().release();
    return requireNonNull(route.reason(), "reason");
  }

  private Route hold(Route acquired) {
    Member member = acquired.member();
    return (member == null) ? acquired : pool.heldRoutes().hold(acquired, member, abandoned);
  }

  /**
   * Hands over the first route whose backend had a connection to give. A caller who gives up
   * waiting completes the stage that this is; nothing is acquired for it afterwards, and what was
   * at that moment is given back.
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
        } else if (!isDone()) {
          tryAt(route);
        }
        return null;
      });
    }

    private void tryAt(Route route) {
      try {
        Reason refusal = acquire(route);
        if (refusal == null) {
          handOver(answer.apply(hold(route)));
        } else {
          follow(resolver.resolveAgainAsync(request, route, refusal));
        }
      } catch (RuntimeException | Error e) {
        completeExceptionally(e);
      }
    }

    private void handOver(Route held) {
      if (!complete(held)) {
        held.close();
      }
    }
  }
}
