package dev.limpet.examples.gateway.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Closes connections to some ports whose clients say nothing in time. */
@Sharable
public final class SilenceGate extends ChannelInboundHandlerAdapter {
  /*
   * Vert.x knows of an HTTP connection once its first bytes have told the version of the protocol, so it
   * cannot wait for them.
   */

  private final Map<Integer, Duration> timeouts = new ConcurrentHashMap<>();

  SilenceGate() {}

  /** Closes connections to a port, from now on, that say nothing for some time. */
  public void watch(int port, Duration timeout) {
    timeouts.put(port, timeout);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel accepted = (Channel) message;
    Duration timeout = timeouts.get(((InetSocketAddress) accepted.localAddress()).getPort());
    if (timeout != null) {
      accepted.pipeline().addFirst(new FirstByte(timeout));
    }
    context.fireChannelRead(message);
  }

  private static final class FirstByte extends ChannelInboundHandlerAdapter {
    private final Duration timeout;
    private @Nullable Future<?> alarm;

    FirstByte(Duration timeout) {
      this.timeout = timeout;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      alarm = context
          .executor()
          .schedule(() -> close(context), timeout.toMillis(), TimeUnit.MILLISECONDS);
      context.fireChannelActive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.pipeline().remove(this);
      context.fireChannelRead(message);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
      if (alarm != null) {
        alarm.cancel(false);
      }
    }

    private static void close(ChannelHandlerContext context) {
      ChannelFuture unused = context.close();
    }
  }
}
