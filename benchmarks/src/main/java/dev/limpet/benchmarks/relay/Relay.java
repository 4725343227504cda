package dev.limpet.benchmarks.relay;

import dev.limpet.core.Affinity;
import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpServerCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Passes messages of HTTP/1.1 on as they are, over connections that belong to those of the clients.
 * It does nothing else that a proxy must do, so what it costs is the floor of a proxy on the JVM.
 */
public final class Relay {
  private Relay() {}

  /**
   * Starts a relay.
   *
   * @param args {@code plain} or {@code lb-cookie}, the port to listen at, and the ports of the
   *     backends
   */
  public static void main(String[] args) {
    start(args[0], Integer.parseInt(args[1]), Arrays.copyOfRange(args, 2, args.length));
  }

  /** Starts a relay on a port of the loopback address, and returns its channel. */
  static Channel start(String mode, int port, String... backends) {
    HttpRouter<HttpRequest, HttpResponse> router = router(mode, backends);
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
    return new ServerBootstrap()
        .group(loops)
        .channel(NioServerSocketChannel.class)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childHandler(new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel client) {
            client.pipeline().addLast(new HttpServerCodec(), new ClientEnd(router));
          }
        })
        .bind("127.0.0.1", port)
        .syncUninterruptibly()
        .channel();
  }

  private static HttpRouter<HttpRequest, HttpResponse> router(String mode, String... ports) {
    List<Backend> backends = new ArrayList<>();
    for (String port : ports) {
      backends.add(Backend.of("b" + port, "127.0.0.1", Integer.parseInt(port)));
    }
    Pool pool = Pool.builder("web").backends(backends).countConnections().build();
    RelayAccess access = new RelayAccess();
    return switch (mode) {
      case "plain" -> HttpRouter.of(pool, HttpAffinity.of(Affinity.<HttpRequest>none(), access));
      case "lb-cookie" ->
        HttpRouter.of(pool, LbCookieAffinity.builder(pool, access).build());
      default ->
        throw new IllegalArgumentException("mode: " + mode + " (expected: plain or lb-cookie)");
    };
  }
}
