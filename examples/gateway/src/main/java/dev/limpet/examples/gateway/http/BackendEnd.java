package dev.limpet.examples.gateway.http;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/** The end of a backend's connection, whatever Vert.x still has to write to it. */
final class BackendEnd {

  private BackendEnd() {}

  /** Runs something once the connection is closed, on its event loop. */
  static void watch(HttpConnection connection, Runnable closed) {
    ChannelFuture unused =
        context(connection).channel().closeFuture().addListener(end -> closed.run());
  }

  /** Closes a connection from beneath the handler of Vert.x, which would write everything first. */
  static void close(HttpConnection connection) {
    ChannelFuture unused = context(connection).close();
  }

  private static ChannelHandlerContext context(HttpConnection connection) {
    return ((ConnectionBase) connection).channelHandlerContext();
  }
}
