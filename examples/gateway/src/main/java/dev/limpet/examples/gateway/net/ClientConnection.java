package dev.limpet.examples.gateway.net;

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
 * A client's connection: closed if its client has no request under way and sends none in time, be
 * it nothing at all, nothing any more, or the header section of one too slowly; and after what is
 * under way once the gateway stops. For its event loop.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter {
  /*
   * Vert.x knows of an HTTP connection when its first request is there, so the wait for that begins
   * at the accept. A connection has one timer, which looks how long it has been idle and is set
   * again for the rest: a request costs no more than a note. A tunnel is a request that is never
   * over.
   *
   * A response says that the connection closes, so no request after it may be served, also if it
   * has been read. HTTP/2 needs no such care: GOAWAY says which streams are served, and Netty
   * closes after the last of them.
   *
   * In time a connection is closed through all handlers, after what was written to it; at the end
   * from beneath them, for a peer that does not read would put that off for ever.
   */

  private static final long UNTIL_STREAMS_END = -1;

  private final @Nullable Duration timeout;
  private final BooleanSupplier stopping;
  private int underWay;
  private long idleSince = System.nanoTime();
  private @Nullable ChannelHandlerContext context;
  private @Nullable Future<?> timer;

  /**
   * Makes one of an HTTP client, or, without a timeout, one that is under way until it is closed.
   */
  ClientConnection(@Nullable Duration timeout, BooleanSupplier stopping) {
    this.timeout = timeout;
    this.stopping = stopping;
    this.underWay = (timeout == null) ? 1 : 0;
  }

  /** Notes that a request has come; returns whether it may be served. */
  boolean began() {
    if (closesAfterResponse()) {
      return false;
    }
    note(1);
    return true;
  }

  /** Notes that a request is over. */
  void ended() {
    note(-1);
    if (underWay == 0 && closesAfterResponse()) {
      closeWritten();
    }
  }

  /** Returns whether the next response is the last. */
  boolean closesAfterResponse() {
    return stopping.getAsBoolean() && http2() == null;
  }

  /** Closes the connection after what is under way. */
  void stop() {
    Http2ConnectionHandler http2 = http2();
    if (http2 != null) {
      http2.gracefulShutdownTimeoutMillis(UNTIL_STREAMS_END);
    }
    if (http2 != null || underWay == 0) {
      closeWritten();
    }
  }

  /** Closes the connection now. */
  void close() {
    ChannelFuture unused = here().close();
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
