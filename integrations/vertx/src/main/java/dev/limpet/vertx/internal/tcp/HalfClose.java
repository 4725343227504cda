package dev.limpet.vertx.internal.tcp;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;

/** Lets each direction of a TCP connection end separately. */
final class HalfClose extends ChannelInboundHandlerAdapter {
  /*
   * A NetSocket closes when its peer shuts down its output, and cannot shut down its own output.
   * Netty can handle both. Its event for the first would overtake data that a paused NetSocket
   * still holds. So the event is turned into an empty buffer, which a TCP read never yields and
   * which stays in order.
   */

  private HalfClose() {}

  /** From now on, an empty buffer means that the peer has shut down its output. */
  static void allow(NetSocket socket) {
    ChannelHandlerContext context = ((NetSocketInternal) socket).channelHandlerContext();
    context.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    context.pipeline().addBefore(context.name(), null, new HalfClose());
  }

  /** Shuts down the output after all earlier data was written. */
  static void shutdownOutput(NetSocket socket) {
    DuplexChannel channel =
        (DuplexChannel) ((NetSocketInternal) socket).channelHandlerContext().channel();
    socket.write(Buffer.buffer()).onSuccess(flushed -> {
      ChannelFuture unused = channel.shutdownOutput();
    });
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      context.fireChannelRead(Unpooled.EMPTY_BUFFER);
      context.fireChannelReadComplete();
    } else {
      context.fireUserEventTriggered(event);
    }
  }
}
