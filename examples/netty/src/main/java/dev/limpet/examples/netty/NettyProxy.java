package dev.limpet.examples.netty;

import dev.limpet.core.Backend;
import dev.limpet.core.PassiveHealth;
import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import dev.limpet.l4.SourceIpAffinity;
import dev.limpet.netty.ClientAddress;
import dev.limpet.netty.StickyConnect;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/** A TCP proxy that keeps each client address on one backend. */
public final class NettyProxy extends ChannelInitializer<Channel> {
  private final StickyConnect connect;
  private final Bootstrap backends = new Bootstrap()
      .channel(NioSocketChannel.class)
      .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 2_000)
      .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
      .handler(new NoHandler());

  NettyProxy(StickyRouter<Channel> router) {
    connect = StickyConnect.of(router);
  }

  /** Proxies to the backends that are named as host:port, or to two of its own. */
  public static void main(String[] hosts) throws IOException {
    List<Backend> backends = (hosts.length == 0)
        ? List.of(TinyBackend.start("web1"), TinyBackend.start("web2"))
        : Stream.of(hosts).map(NettyProxy::backend).toList();
    Pool pool = Pool.builder("web")
        .backends(backends)
        .passiveHealth(PassiveHealth.standard())
        .build();
    StickyRouter<Channel> router =
        StickyRouter.of(pool, SourceIpAffinity.builder(ClientAddress::of).build());
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
    Channel listener = listen(loops, new NettyProxy(router), Integer.getInteger("port", 8080));
    System.out.println("Listening on " + listener.localAddress() + " for " + backends);
  }

  static Channel listen(EventLoopGroup loops, ChannelHandler proxy, int port) {
    return new ServerBootstrap()
        .group(loops)
        .channel(NioServerSocketChannel.class)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childHandler(proxy)
        .bind(port)
        .syncUninterruptibly()
        .channel();
  }

  private static Backend backend(String text) {
    URI uri = URI.create("tcp://" + text);
    return Backend.of(Backend.idOf(text), uri.getHost(), uri.getPort());
  }

  @Override
  protected void initChannel(Channel client) {
    proxy(client);
  }

  void proxy(Channel client) {
    connect.connect(client, backends).addListener((Future<Channel> connected) -> {
      if (connected.isSuccess()) {
        Pipe.join((DuplexChannel) client, (DuplexChannel) connected.getNow());
      } else {
        ChannelFuture unused = client.close();
      }
    });
  }

  /** The pipe is added when the backend is connected. */
  @Sharable
  private static final class NoHandler extends ChannelInboundHandlerAdapter {}
}
