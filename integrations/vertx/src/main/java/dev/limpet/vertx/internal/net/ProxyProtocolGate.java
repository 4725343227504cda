package dev.limpet.vertx.internal.net;

import dev.limpet.l7.AddressRange;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Decides, when a listener accepts a connection, whether it may begin with a PROXY header, and how
 * long that may take.
 */
@Sharable
public final class ProxyProtocolGate extends ChannelInboundHandlerAdapter {

  private final List<AddressRange> trusted;
  private final Duration deadline;

  /**
   * Makes a gate.
   *
   * @param trusted the senders that must begin with a PROXY header; all others are closed
   * @param deadline how long the header may take
   */
  public ProxyProtocolGate(List<AddressRange> trusted, Duration deadline) {
    this.trusted = List.copyOf(trusted);
    this.deadline = deadline;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel accepted = (Channel) message;
    if (admits(accepted.remoteAddress())) {
      accepted.pipeline().addFirst(new ProxyHeaderDecoder(deadline));
      context.fireChannelRead(message);
    } else {
      accepted.unsafe().closeForcibly();
    }
  }

  private boolean admits(SocketAddress sender) {
    return sender instanceof InetSocketAddress inet
        && trusted.stream().anyMatch(range -> range.contains(inet.getAddress()));
  }
}
