package dev.limpet.netty;

import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import io.netty.util.concurrent.Future;
import java.io.Closeable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A TCP proxy that connects its clients by {@link StickyConnect}. */
final class TcpProxy implements Closeable {
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final TrackedBuffers buffers = new TrackedBuffers();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private final Pool pool;
  private final StickyConnect connect;
  private final Bootstrap backends;
  private final Channel listener;

  private TcpProxy(
      StickyRouter<Channel> router, Duration connectTimeout, boolean takesHeaders, boolean halves) {
    this.pool = router.pool();
    this.connect = StickyConnect.of(router);
    this.backends = backends(buffers)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connectTimeout.toMillis());
    this.listener = new ServerBootstrap()
        .group(loops)
        .channel(NioServerSocketChannel.class)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, halves)
        .childOption(ChannelOption.ALLOCATOR, buffers)
        .childHandler(new ChannelInitializer<SocketChannel>() {
          @Override
          protected void initChannel(SocketChannel client) {
            if (takesHeaders) {
              client
                  .pipeline()
                  .addLast(
                      new HAProxyMessageDecoder(),
                      new ProxyHeader(TcpProxy.this::proxy),
                      new HeaderFailures());
            } else {
              proxy(client);
            }
          }
        })
        .bind(InetAddress.getLoopbackAddress(), 0)
        .syncUninterruptibly()
        .channel();
  }

  /** A proxy whose clients may shut down their output and wait for more. */
  static TcpProxy start(StickyRouter<Channel> router, Duration connectTimeout) {
    return new TcpProxy(router, connectTimeout, false, true);
  }

  /** A proxy that takes the end of a client's output for its leaving. */
  static TcpProxy startWithoutHalfClosure(StickyRouter<Channel> router, Duration connectTimeout) {
    return new TcpProxy(router, connectTimeout, false, false);
  }

  static TcpProxy startWithHeaders(StickyRouter<Channel> router, Duration connectTimeout) {
    return new TcpProxy(router, connectTimeout, true, true);
  }

  static Bootstrap backends(TrackedBuffers buffers) {
    return new Bootstrap()
        .channel(NioSocketChannel.class)
        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .option(ChannelOption.ALLOCATOR, buffers)
        .handler(new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel backend) {
            // the pipe is added when the backend is connected
          }
        });
  }

  private void proxy(Channel client) {
    connect.connect(client, backends).addListener((Future<Channel> connected) -> {
      if (connected.isSuccess()) {
        Pipe.join((DuplexChannel) client, (DuplexChannel) connected.getNow());
      } else {
        failures.add(connected.cause());
        var unused = client.close();
      }
    });
  }

  int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** Why clients got no backend. */
  Queue<Throwable> failures() {
    return failures;
  }

  int openRoutes() {
    return openRoutes(pool);
  }

  static int openRoutes(Pool pool) {
    return pool.snapshot().members().stream()
        .mapToInt(member -> member.load().connections())
        .sum();
  }

  TrackedBuffers buffers() {
    return buffers;
  }

  /** Keeps why headers were rejected. */
  private final class HeaderFailures extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (cause instanceof HAProxyProtocolException) {
        failures.add(cause);
      } else {
        context.fireExceptionCaught(cause);
      }
    }
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
