package dev.limpet.netty;

import dev.limpet.core.Backend;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** The search for a backend that a client can be connected to, with one attempt at a time. */
final class BackendSearch {
  /*
   * Whatever ends the search completes the promise, and only its listener cleans up: after a
   * failure, it gives up the route and the attempt. A step that comes later finds the promise
   * complete. A store may answer on its own thread, and Netty reports a channel that could not be
   * made on a global one, so each step first returns to the client's event loop.
   */

  private final StickyRouter<? super Channel> router;
  private final Channel client;
  private final Bootstrap bootstrap;
  private final Promise<Channel> found;
  private final EventLoop loop;
  private final EarlyReads early = new EarlyReads();
  private final ChannelFutureListener clientClosed = closed -> fail(new ClosedChannelException());
  private @Nullable Route route;
  private @Nullable ChannelFuture attempt;

  BackendSearch(
      StickyRouter<? super Channel> router,
      Channel client,
      Bootstrap bootstrap,
      Promise<Channel> found) {
    this.router = router;
    this.client = client;
    this.bootstrap = bootstrap;
    this.found = found;
    this.loop = client.eventLoop();
  }

  void begin() {
    found.addListener(this::end);
    client.closeFuture().addListener(clientClosed);
    step(this::routeFirst);
  }

  private void routeFirst() {
    if (!found.isDone()) {
      client.config().setAutoRead(false);
      client.pipeline().addLast(early);
      follow(router.routeAsync(client));
    }
  }

  private void follow(CompletionStage<Route> routing) {
    CompletionStage<Route> unused =
        routing.whenComplete((next, thrown) -> onLoop(next, () -> routed(next, thrown)));
  }

  /** Handles the first route and every later one. */
  private void routed(@Nullable Route next, @Nullable Throwable thrown) {
    if (next == null) {
      fail((thrown == null) ? new IllegalStateException("route: null (expected: one)") : thrown);
      return;
    }
    route = next;
    if (found.isDone()) {
      next.cancel();
    } else {
      attempt(next);
    }
  }

  private void attempt(Route next) {
    Backend backend = next.backend();
    if (backend == null) {
      fail(new NoBackendException(next));
      return;
    }
    attempt = bootstrap.connect(backend.address());
    attempt.addListener((ChannelFuture done) -> onLoop(next, () -> settled(done, next)));
  }

  private void settled(ChannelFuture done, Route tried) {
    Throwable cause = done.cause();
    if (cause == null) {
      join(done.channel(), tried);
    } else if (isUnreachable(cause) && !found.isDone()) {
      follow(router.rerouteAsync(client, tried));
    } else {
      fail(cause); // such as a channel that could not be made, which says nothing of the backend
    }
  }

  /** A channel that was closed while it connected was closed by a handler of this side. */
  private static boolean isUnreachable(Throwable cause) {
    return cause instanceof IOException && !(cause instanceof ClosedChannelException);
  }

  /** From now on, the route is held until the backend's channel closes. */
  private void join(Channel backend, Route tried) {
    backend.closeFuture().addListener(closed -> tried.close());
    router.succeeded(tried);
    if (!found.trySuccess(backend)) {
      close(backend);
    }
  }

  private void end(Future<? super Channel> done) {
    client.closeFuture().removeListener(clientClosed);
    if (done.isSuccess()) {
      early.open();
    } else {
      early.discard();
      giveUp();
    }
  }

  private void giveUp() {
    if (route != null) {
      route.cancel();
    }
    if (attempt != null && attempt.channel().isOpen()) {
      close(attempt.channel());
    }
  }

  private void fail(Throwable cause) {
    found.tryFailure(cause);
  }

  /** Runs a step on the client's event loop. If that has ended, so has the request of the route. */
  private void onLoop(@Nullable Route held, Runnable step) {
    if (loop.inEventLoop()) {
      step(step);
      return;
    }
    try {
      loop.execute(() -> step(step));
    } catch (RejectedExecutionException ended) {
      if (held != null) {
        held.cancel();
      }
    }
  }

  /** Runs a step; what it throws ends the search. */
  private void step(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  private static void close(Channel channel) {
    ChannelFuture unused = channel.close();
  }
}
