package dev.limpet.examples.gateway.net;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The end of a backend's connection whose client is gone. */
public final class Parting {
  /*
   * What the client sent before it went is worth sending on, so the connection is not closed at once. Vert.x
   * closes one after everything was written, which a backend that does not read puts off for ever; that is
   * avoided by closing it from beneath the handler of Vert.x.
   */

  private static final int GRACE_MILLIS = 1000;

  private Parting() {}

  /**
   * Closes a connection that is not closed soon, whatever has not been written by then.
   *
   * @param connection where the handler of Vert.x is
   */
  public static void limit(ChannelHandlerContext connection) {
    Future<?> alarm = connection
        .executor()
        .schedule(() -> close(connection), GRACE_MILLIS, TimeUnit.MILLISECONDS);
    ChannelFuture unused =
        connection.channel().closeFuture().addListener(closed -> alarm.cancel(false));
  }

  private static void close(ChannelHandlerContext connection) {
    ChannelFuture unused = connection.close();
  }
}
