package dev.limpet.vertx.internal.net;

import static java.util.Objects.requireNonNull;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a client. It is closed if it has no request under way and does not deliver one
 * in time, whether it sends nothing or sends the header section too slowly. When the server stops,
 * it is closed after the requests under way. For its event loop.
 */
public final class ClientConnection extends ChannelInboundHandlerAdapter {
  /*
   * Vert.x knows of an HTTP connection only from its first request on. So the wait for that request
   * begins at the accept. A connection has one timer. When it fires, it checks how long the
   * connection has been idle, and is set again for the rest of the timeout. So a request only has
   * to record a time. A tunnel counts as a request that never ends.
   *
   * After a response that announces the close of the connection, no further request may be served,
   * even if it has already been read. HTTP/2 does not need this: GOAWAY says which streams are
   * served, and Netty closes the connection after the last of them.
   *
   * While there is time, a connection is closed through all handlers, after all data was written.
   * At the end it is closed below them, because a peer that does not read could delay that forever.
   */

  private static final long UNTIL_STREAMS_END = -1;

  private final @Nullable Duration timeout;
  private final BooleanSupplier stopping;
  private int underWay;
  private long idleSince = System.nanoTime();
  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> timer;

  /**
   * Makes the connection of an HTTP client or, without a timeout, one that counts as having a
   * request under way until it is closed.
   *
   * @param stopping whether the server stops
   */
  public ClientConnection(@Nullable Duration timeout, BooleanSupplier stopping) {
    this.timeout = timeout;
    this.stopping = stopping;
    this.underWay = (timeout == null) ? 1 : 0;
  }

  /** Records the start of a request. Returns whether it may be served. */
  public boolean began() {
    if (closesAfterResponse()) {
      return false;
    }
    note(1);
    return true;
  }

  /** Records the end of a request. */
  public void ended() {
    note(-1);
    if (underWay == 0 && closesAfterResponse()) {
      closeWritten();
    }
  }

  /** Returns whether the next response is the last. */
  public boolean closesAfterResponse() {
    return stopping.getAsBoolean() && http2() == null;
  }

  /** Closes the connection after the requests under way. */
  public void stop() {
    Http2ConnectionHandler http2 = http2();
    if (http2 != null) {
      http2.gracefulShutdownTimeoutMillis(UNTIL_STREAMS_END);
    }
    if (http2 != null || underWay == 0) {
      closeWritten();
    }
  }

  /** Closes the connection now. */
  public void close() {
    ChannelFuture unused = here().close();
  }

  /** Runs a task once the connection is closed, on its event loop. */
  public void whenClosed(Runnable work) {
    ChannelFuture unused = here().channel().closeFuture().addListener(closed -> work.run());
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelActive(ChannelHandlerContext active) {
    if (timeout != null) {
      look(timeout.toNanos());
    }
    active.fireChannelActive();
  }

  @Override
  public void channelInactive(ChannelHandlerContext inactive) {
    if (timer != null) {
      timer.cancel(false);
    }
    inactive.fireChannelInactive();
  }

  private void look(long nanos) {
    long left = (underWay > 0) ? nanos : idleSince + nanos - System.nanoTime();
    if (left > 0) {
      timer = here().executor().schedule(() -> look(nanos), left, TimeUnit.NANOSECONDS);
    } else {
      close();
    }
  }

  private void note(int change) {
    underWay += change;
    idleSince = System.nanoTime();
  }

  private void closeWritten() {
    ChannelFuture unused = here().channel().close();
  }

  private @Nullable Http2ConnectionHandler http2() {
    return here().pipeline().get(Http2ConnectionHandler.class);
  }

  private ChannelHandlerContext here() {
    return requireNonNull(context);
  }
}
