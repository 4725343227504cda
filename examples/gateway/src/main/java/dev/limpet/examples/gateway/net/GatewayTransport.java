package dev.limpet.examples.gateway.net;

import static java.util.Objects.requireNonNull;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.transport.Transport;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The NIO transport, with {@link Clients} before each listener, and a {@link ProxyProtocolGate}
 * before each listener that reads PROXY headers.
 */
final class GatewayTransport extends NioTransport implements Transport {
  private static final Duration PROXY_HEADER_DEADLINE = Duration.ofSeconds(5);

  private final Clients clients;
  private final Map<Address, Endpoint> endpoints = new ConcurrentHashMap<>();

  GatewayTransport(Clients clients) {
    this.clients = clients;
  }

  /** Registers a listener. Call this before it listens. */
  void expect(Endpoint endpoint) {
    endpoints.put(new Address(endpoint.host(), endpoint.port()), endpoint);
  }

  @Override
  public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
    super.configure(options, domainSocket, bootstrap);
    Address address = new Address(options.getHost(), options.getPort());
    Endpoint endpoint = requireNonNull(endpoints.get(address), address::toString);
    bootstrap.handler(new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel listening) {
        if (endpoint.usesProxyProtocol()) {
          listening
              .pipeline()
              .addLast(new ProxyProtocolGate(endpoint.proxyProtocol(), PROXY_HEADER_DEADLINE));
        }
        listening.pipeline().addLast(clients.watch(endpoint.clientTimeout()));
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

  /** The address as configured; a negative port stands for a free one. */
  private record Address(String host, int port) {}
}
