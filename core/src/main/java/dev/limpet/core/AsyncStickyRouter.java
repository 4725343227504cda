package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Routes as a {@link StickyRouter} does, by the same rules, where binding a session takes time. The stage of a
 * request whose session is known here is complete when it is returned; others complete on the thread of whoever
 * answers. Safe for use by many threads at once; never blocks.
 *
 * @param <R> the embedder's request, or connection
 */
public non-sealed class AsyncStickyRouter<R> extends Router<R> {
  private final AsyncBinder binder;

  /**
   * Makes a router.
   *
   * @param settings the pool, the affinity and the rules; not used any more afterwards
   * @param binder binds sessions; what it bound, the affinity recalls from then on
   * @throws IllegalArgumentException as {@link StickyRouterBuilder#build} does
   */
  public AsyncStickyRouter(StickyRouterBuilder<R> settings, AsyncBinder binder) {
    this(requireNonNull(binder, "binder"), settings);
  }

  private AsyncStickyRouter(AsyncBinder binder, StickyRouterBuilder<R> settings) {
    super(settings.checked());
    this.binder = binder;
  }

  /**
   * Routes a request.
   *
   * @param request the request
   * @return where it goes, in the end
   * @throws IllegalStateException if this router leases
   * @see StickyRouter#route
   */
  public final CompletionStage<Route> route(R request) {
    check(false);
    Step step = placement.begin(request);
    return (step instanceof Route route)
        ? CompletableFuture.completedStage(answers.first(request, route))
        : later(request, step);
  }

  /**
   * Routes a request again, to a backend that it has not tried, after the embedder could not connect.
   *
   * @param request the request
   * @param failed the last route of this request
   * @return where it goes now, in the end
   * @throws IllegalArgumentException if the failed route has no backend
   * @throws IllegalStateException if this router leases
   * @see StickyRouter#reroute(Object, Route)
   */
  public final CompletionStage<Route> reroute(R request, Route failed) {
    check(false);
    requireNonNull(failed, "failed");
    return placement
        .again(request, failed, Reason.CONNECT_FAILED, binder)
        .thenApply(route -> answers.again(request, route));
  }

  /**
   * Routes a request as if it belonged to no session. Binds nothing, and so takes no time.
   *
   * @param request the request
   * @return where it goes; never null
   * @throws IllegalStateException if this router leases
   * @see StickyRouter#balance
   */
  public final Route balance(R request) {
    check(false);
    return answers.first(request, placement.ignoring(request));
  }

  /**
   * Routes a request, and holds a connection of its backend until the lease is closed. A stage that is cancelled, or
   * completed by others, holds none.
   *
   * @param request the request
   * @return where it goes, in the end; to be closed
   * @throws IllegalStateException if this router does not lease
   * @see StickyRouter#lease
   */
  public final CompletionStage<Lease> lease(R request) {
    check(true);
    return acquired(
        request, placement.first(request, binder), route -> opened(request, route), Lease::close);
  }

  /**
   * Leases a backend as {@link #balance} routes.
   *
   * @param request the request
   * @return where it goes; never null, and to be closed
   * @throws IllegalStateException if this router does not lease
   */
  public final Lease leaseBalanced(R request) {
    check(true);
    return opened(request, acquired(request, placement.ignoring(request)));
  }

  /**
   * Routes a leased request again, after the embedder could not connect.
   *
   * @param request the request
   * @param lease its lease, which is changed
   * @return where it goes now, as the lease says when this completes
   * @throws IllegalArgumentException if the lease's route has no backend
   * @throws IllegalStateException if the lease is closed, or this router does not lease
   * @see StickyRouter#reroute(Object, Lease)
   */
  public final CompletionStage<Route> reroute(R request, Lease lease) {
    check(true);
    lease.failed();
    return acquired(
        request,
        placement.again(request, lease.route(), Reason.CONNECT_FAILED, binder),
        route -> goneOn(request, lease, route),
        route -> {});
  }

  /** Apart from {@link #route}, where nothing is to be allocated for it. */
  private CompletionStage<Route> later(R request, Step step) {
    return placement.settled(step, binder).thenApply(route -> answers.first(request, route));
  }

  private Route goneOn(R request, Lease lease, Route next) {
    lease.goOn(next);
    return answers.again(request, next);
  }

  private <T> CompletionStage<T> acquired(
      R request, CompletionStage<Route> first, Function<Route, T> how, Consumer<T> takeBack) {
    Handover<T> handover = new Handover<>(request, how, takeBack);
    handover.follow(first);
    return handover;
  }

  /**
   * Hands over the first route whose backend had a connection to give. Whoever gives up waiting completes the stage that
   * this is; nothing is acquired for it afterwards, and what was at that moment is taken back.
   */
  private final class Handover<T> extends CompletableFuture<T> {
    private final R request;
    private final Function<Route, T> how;
    private final Consumer<T> takeBack;

    Handover(R request, Function<Route, T> how, Consumer<T> takeBack) {
      this.request = request;
      this.how = how;
      this.takeBack = takeBack;
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
          handOver(how.apply(route));
        } else {
          follow(placement.again(request, route, refusal, binder));
        }
      } catch (RuntimeException | Error e) {
        completeExceptionally(e);
      }
    }

    private void handOver(T held) {
      if (!complete(held)) {
        takeBack.accept(held);
      }
    }
  }
}
