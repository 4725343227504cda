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
   * Vert.x has a timeout of its own, but it starts again with each byte, and its decoder accepts 64 KiB. It is
   * given 4 KiB and no more until it has its header, since many more may come in one piece.
   */

  private static final int MAX_BYTES = 4 * 1024;

  private final Duration deadline;
  private @Nullable Future<?> alarm;
  private int left = MAX_BYTES;

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
    ByteBuf bytes = (ByteBuf) message;
    int within = Math.min(bytes.readableBytes(), left);
    left -= within;
    context.fireChannelRead(bytes.readRetainedSlice(within));
    if (isComplete(context)) {
      context.pipeline().remove(this);
      passOn(context, bytes);
    } else {
      refuse(context, bytes);
    }
  }

  private static boolean isComplete(ChannelHandlerContext context) {
    return context.pipeline().get(HAProxyMessageDecoder.class) == null;
  }

  private static void passOn(ChannelHandlerContext context, ByteBuf rest) {
    if (rest.isReadable()) {
      context.fireChannelRead(rest);
    } else {
      rest.release();
    }
  }

  private static void refuse(ChannelHandlerContext context, ByteBuf rest) {
    if (rest.isReadable()) {
      close(context);
    }
    rest.release();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (alarm != null) {
      alarm.cancel(false);
    }
  }

  private static void expire(ChannelHandlerContext context) {
    if (!isComplete(context)) {
      close(context);
    }
  }

  private static void close(ChannelHandlerContext context) {
    ChannelFuture unused = context.close();
  }
}
