package dev.limpet.examples.gateway.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;

/** Tells whether a backend sent anything since a request was given to its connection. */
final class FirstByte extends ChannelInboundHandlerAdapter {

  private final boolean reused;
  private volatile boolean seen; // written by the event loop of the backend's connection

  private FirstByte(boolean reused) {
    this.reused = reused;
  }

  /** Starts watching; a connection serves one request at a time. */
  static FirstByte watch(HttpConnection connection) {
    ChannelPipeline pipeline =
        ((ConnectionBase) connection).channelHandlerContext().pipeline();
    FirstByte previous = pipeline.get(FirstByte.class);
    FirstByte watch = new FirstByte(previous != null);
    if (previous == null) {
      pipeline.addFirst(watch);
    } else {
      pipeline.replace(previous, null, watch);
    }
    return watch;
  }

  /** Whether a kept-alive connection was closed before the first byte of the response. */
  boolean staleBy(Throwable cause) {
    boolean closed = cause instanceof HttpClosedException || cause instanceof IOException;
    return reused && closed && !seen;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    seen = true;
    context.fireChannelRead(message);
  }
}
