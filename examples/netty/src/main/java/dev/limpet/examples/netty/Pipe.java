package dev.limpet.examples.netty;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;

/** One direction of a connection: what its channel receives goes to the peer. */
final class Pipe extends ChannelInboundHandlerAdapter {
  /*
   * A channel is read only while its peer can be written to. The end of its input shuts down the
   * output of its peer, after the last byte, and when both inputs have ended, both channels close.
   */
  private final DuplexChannel peer;

  private Pipe(DuplexChannel peer) {
    this.peer = peer;
  }

  static void join(DuplexChannel client, DuplexChannel backend) {
    client.pipeline().addLast(new Pipe(backend));
    backend.pipeline().addLast(new Pipe(client));
    client.config().setAutoRead(true);
    backend.config().setAutoRead(true);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    context
        .channel()
        .closeFuture()
        .addListener(closed -> afterLastByte(ChannelFutureListener.CLOSE));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ChannelFuture unused = peer.write(message);
    context.channel().config().setAutoRead(peer.isWritable());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    peer.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    peer.config().setAutoRead(context.channel().isWritable());
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      afterLastByte(peer.isInputShutdown() ? ChannelFutureListener.CLOSE : Pipe::endOutput);
    }
  }

  @Override
  @SuppressWarnings("deprecation") // deprecated in ChannelHandler, but not in its inbound handlers
  public void exceptionCaught(ChannelHandlerContext context, Throwable broken) {
    ChannelFuture unused = context.close();
  }

  private static void endOutput(ChannelFuture written) {
    ChannelFuture unused = ((DuplexChannel) written.channel()).shutdownOutput();
  }

  private void afterLastByte(ChannelFutureListener then) {
    peer.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(then);
  }
}
