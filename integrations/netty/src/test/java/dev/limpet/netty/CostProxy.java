package dev.limpet.netty;

import dev.limpet.core.Affinity;
import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import dev.limpet.l4.SourceIpAffinity;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A relay for {@code benchmarks/proxy-cost.sh}. */
final class CostProxy {
  private CostProxy() {}

  /**
   * Starts a relay.
   *
   * @param args the mode, the port to listen at, and the ports of the backends
   */
  public static void main(String[] args) {
    String[] ports = Arrays.copyOfRange(args, 2, args.length);
    Bootstrap backends = new Bootstrap()
        .channel(NioSocketChannel.class)
        .option(ChannelOption.AUTO_READ, false)
        .handler(new Idle());
    Relay relay = args[0].equals("bare") ? bare(backends, ports) : sticky(args[0], backends, ports);
    new ServerBootstrap()
        .group(new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory()))
        .channel(NioServerSocketChannel.class)
        .childOption(ChannelOption.AUTO_READ, false)
        .childHandler(new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel client) {
            relay.begin(client);
          }
        })
        .bind("127.0.0.1", Integer.parseInt(args[1]))
        .syncUninterruptibly();
  }

  /** Connects a client. */
  private interface Relay {
    void begin(Channel client);
  }

  private static Relay bare(Bootstrap backends, String[] ports) {
    AtomicInteger turns = new AtomicInteger();
    return client -> {
      int port = Integer.parseInt(ports[Math.floorMod(turns.getAndIncrement(), ports.length)]);
      backends
          .clone(client.eventLoop())
          .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
          .addListener((ChannelFuture connected) -> {
            if (connected.isSuccess()) {
              Pipe.join(client, connected.channel());
            } else {
              var unused = client.close();
            }
          });
    };
  }

  private static Relay sticky(String mode, Bootstrap backends, String[] ports) {
    List<Backend> all = new ArrayList<>();
    for (String port : ports) {
      all.add(Backend.of("b" + port, "127.0.0.1", Integer.parseInt(port)));
    }
    Pool pool = Pool.builder("web").backends(all).countConnections().build();
    Affinity<Channel> affinity = mode.equals("plain")
        ? Affinity.none()
        : SourceIpAffinity.builder(ClientAddress::of).build();
    StickyConnect connect = StickyConnect.of(StickyRouter.of(pool, affinity));
    return client -> connect.connect(client, backends).addListener((Future<Channel> connected) -> {
      if (connected.isSuccess()) {
        Pipe.join(client, connected.getNow());
      } else {
        var unused = client.close();
      }
    });
  }

  /** Does nothing until the pipe is there. */
  @ChannelHandler.Sharable
  private static final class Idle extends ChannelInboundHandlerAdapter {}

  /** One direction. */
  private static final class Pipe extends ChannelInboundHandlerAdapter {
    private final Channel peer;

    private Pipe(Channel peer) {
      this.peer = peer;
    }

    static void join(Channel client, Channel backend) {
      client.pipeline().addLast(new Pipe(backend));
      backend.pipeline().addLast(new Pipe(client));
      client.config().setAutoRead(true);
      backend.config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      var unused = peer.write(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      peer.flush();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      peer.writeAndFlush(io.netty.buffer.Unpooled.EMPTY_BUFFER)
          .addListener(ChannelFutureListener.CLOSE);
    }
  }
}
