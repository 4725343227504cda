package dev.limpet.examples.netty;

import dev.limpet.netty.ProxyHeader;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.timeout.ReadTimeoutHandler;

/** Proxies clients that come through a load balancer, which names them in a PROXY header. */
final class ProxyHeaders extends ChannelInitializer<Channel> {
  private static final String DEADLINE = "deadline";

  private final NettyProxy proxy;

  ProxyHeaders(NettyProxy proxy) {
    this.proxy = proxy;
  }

  @Override
  protected void initChannel(Channel client) {
    client
        .pipeline()
        .addLast(DEADLINE, new ReadTimeoutHandler(5)) // seconds, for a header that never comes
        .addLast(new HAProxyMessageDecoder(), new ProxyHeader(this::proxy));
  }

  private void proxy(Channel client) {
    client.pipeline().remove(DEADLINE);
    proxy.proxy(client);
  }
}
