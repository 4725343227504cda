package dev.limpet.vertx.internal.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.transport.Transport;
import java.net.SocketAddress;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Another transport, with handlers before each listener.
 *
 * @param behind the other transport
 * @param before adds the handlers of a listener with these options to its pipeline
 */
public record GuardedTransport(
    Transport behind, BiConsumer<NetServerOptions, ChannelPipeline> before) implements Transport {

  @Override
  public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
    behind.configure(options, domainSocket, bootstrap);
    bootstrap.handler(new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel listening) {
        before.accept(options, listening.pipeline());
      }
    });
  }

  @Override
  public boolean supportsDomainSockets() {
    return behind.supportsDomainSockets();
  }

  @Override
  public boolean supportFileRegion() {
    return behind.supportFileRegion();
  }

  @Override
  public boolean isAvailable() {
    return behind.isAvailable();
  }

  @Override
  public @Nullable Throwable unavailabilityCause() {
    return behind.unavailabilityCause();
  }

  @Override
  public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
    return behind.convert(address);
  }

  @Override
  public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
    return behind.convert(address);
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return behind.ioHandlerFactory();
  }

  @Override
  public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ioRatio) {
    return behind.eventLoopGroup(type, threads, factory, ioRatio);
  }

  @Override
  public DatagramChannel datagramChannel() {
    return behind.datagramChannel();
  }

  @Override
  @SuppressWarnings("deprecation") // the family's new type is not that of the interface
  public DatagramChannel datagramChannel(InternetProtocolFamily family) {
    return behind.datagramChannel(family);
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
    return behind.channelFactory(domainSocket);
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    return behind.serverChannelFactory(domainSocket);
  }

  @Override
  public void configure(DatagramChannel channel, DatagramSocketOptions options) {
    behind.configure(channel, options);
  }

  @Override
  public void configure(
      ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap bootstrap) {
    behind.configure(options, connectTimeout, domainSocket, bootstrap);
  }
}
