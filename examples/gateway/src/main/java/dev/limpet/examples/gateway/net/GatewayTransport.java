package dev.limpet.examples.gateway.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.transport.Transport;
import org.jspecify.annotations.Nullable;

/** The NIO transport with a {@link ProxyProtocolGate} before each listener that reads PROXY headers, and {@link ClientTimeouts} before all. */
final class GatewayTransport extends NioTransport implements Transport {

  private final ProxyProtocolGate gate;
  private final ClientTimeouts timeouts;

  GatewayTransport(ProxyProtocolGate gate, ClientTimeouts timeouts) {
    this.gate = gate;
    this.timeouts = timeouts;
  }

  @Override
  public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
    super.configure(options, domainSocket, bootstrap);
    bootstrap.handler(new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel listening) {
        if (options.isUseProxyProtocol()) {
          listening.pipeline().addLast(gate);
        }
        listening.pipeline().addLast(timeouts);
      }
    });
  }

  @Override
  public String name() {
    return "nio";
  }

  @Override
  public boolean available() {
    return isAvailable();
  }

  @Override
  public @Nullable Throwable unavailabilityCause() {
    return null;
  }

  @Override
  public io.vertx.core.spi.transport.Transport implementation() {
    return this;
  }
}
