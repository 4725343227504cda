package dev.limpet.vertx.internal.net;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection to a backend, even while there is something to be written to it.
 *
 * @param handler the handler whose pending writes are dropped, such as that of Vert.x
 */
public record BackendEnd(ChannelHandlerContext handler) {
  /*
   * Vert.x closes a connection after all data was written, which a backend that does not read can
   * delay forever. So the connection is closed below the handler of Vert.x.
   */

  private static final int GRACE_MILLIS = 1000;

  /** Returns the end of a TCP connection. */
  public static BackendEnd of(NetSocket socket) {
    return new BackendEnd(((NetSocketInternal) socket).channelHandlerContext());
  }

  /** Runs a task once the connection is closed, on its event loop. */
  public void whenClosed(Runnable work) {
    ChannelFuture unused = handler.channel().closeFuture().addListener(closed -> work.run());
  }

  /** Closes the connection now. */
  public void close() {
    ChannelFuture unused = handler.close();
  }

  /**
   * Closes the connection in one second. In this time, data that a client sent before it left can
   * still be written.
   */
  public void closeSoon() {
    closeWithin(GRACE_MILLIS);
  }

  /** Closes the connection after some time, if it is not closed by then. */
  public void closeWithin(long millis) {
    Future<?> alarm = handler.executor().schedule(this::close, millis, TimeUnit.MILLISECONDS);
    whenClosed(() -> alarm.cancel(false));
  }
}
