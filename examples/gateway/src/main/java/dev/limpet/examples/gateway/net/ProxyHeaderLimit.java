package dev.limpet.examples.gateway.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Closes a connection whose PROXY header is not complete in time or after 4 KiB. */
final class ProxyHeaderLimit extends ChannelInboundHandlerAdapter {
  /*
   * Vert.x has a timeout of its own, but it starts again with each byte, and its decoder accepts 64 KiB.
   */

  private static final int MAX_BYTES = 4 * 1024;

  private final Duration deadline;
  private @Nullable Future<?> alarm;
  private long bytes;

  ProxyHeaderLimit(Duration deadline) {
    this.deadline = deadline;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    alarm = context
        .executor()
        .schedule(() -> expire(context), deadline.toMillis(), TimeUnit.MILLISECONDS);
    context.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    bytes += ((ByteBuf) message).readableBytes();
    context.fireChannelRead(message);
    if (context.pipeline().get(HAProxyMessageDecoder.class) == null) {
      context.pipeline().remove(this);
    } else if (bytes > MAX_BYTES) {
      close(context);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (alarm != null) {
      alarm.cancel(false);
    }
  }

  private static void expire(ChannelHandlerContext context) {
    if (context.pipeline().get(HAProxyMessageDecoder.class) != null) {
      close(context);
    }
  }

  private static void close(ChannelHandlerContext context) {
    ChannelFuture unused = context.close();
  }
}
