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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Decides at the accept who may begin with a PROXY header, and how long that may take. */
@Sharable
public final class ProxyProtocolGate extends ChannelInboundHandlerAdapter {

  private final Map<Integer, List<Cidr>> senders = new ConcurrentHashMap<>();
  private final Duration deadline;

  ProxyProtocolGate(Duration deadline) {
    this.deadline = deadline;
  }

  /** Until a port is opened, all connections to it are closed. */
  public void open(int port, List<Cidr> trusted) {
    senders.put(port, List.copyOf(trusted));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel accepted = (Channel) message;
    if (admits((InetSocketAddress) accepted.localAddress(), accepted)) {
      accepted.pipeline().addFirst(new ProxyHeaderLimit(deadline));
      context.fireChannelRead(message);
    } else {
      accepted.unsafe().closeForcibly();
    }
  }

  private boolean admits(InetSocketAddress listener, Channel accepted) {
    InetAddress peer = ((InetSocketAddress) accepted.remoteAddress()).getAddress();
    return senders.getOrDefault(listener.getPort(), List.of()).stream()
        .anyMatch(range -> range.contains(peer));
  }
}
