package dev.limpet.examples.gateway.net;

import io.netty.bootstrap.ServerBootstrap;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * The NIO transport with a {@link ProxyProtocolGate} before each listener that reads PROXY headers, which has a
 * deadline of its own, and a {@link SilenceGate} before the others.
 */
final class GatewayTransport extends NioTransport implements Transport {

  private final ProxyProtocolGate gate;
  private final SilenceGate silence;

  GatewayTransport(ProxyProtocolGate gate, SilenceGate silence) {
    this.gate = gate;
    this.silence = silence;
  }

  @Override
  public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
    super.configure(options, domainSocket, bootstrap);
    bootstrap.handler(options.isUseProxyProtocol() ? gate : silence);
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
