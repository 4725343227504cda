package dev.limpet.examples.gateway.net;

import dev.limpet.examples.gateway.config.Cidr;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Decides, when a listener accepts a connection, whether it may begin with a PROXY header, and how
 * long that may take.
 */
@Sharable
final class ProxyProtocolGate extends ChannelInboundHandlerAdapter {

  private final List<Cidr> trusted;
  private final Duration deadline;

  ProxyProtocolGate(List<Cidr> trusted, Duration deadline) {
    this.trusted = List.copyOf(trusted);
    this.deadline = deadline;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel accepted = (Channel) message;
    if (admits((InetSocketAddress) accepted.remoteAddress())) {
      accepted.pipeline().addFirst(new ProxyHeaderDecoder(deadline));
      context.fireChannelRead(message);
    } else {
      accepted.unsafe().closeForcibly();
    }
  }

  private boolean admits(InetSocketAddress sender) {
    InetAddress address = sender.getAddress();
    return trusted.stream().anyMatch(range -> range.contains(address));
  }
}
