package dev.limpet.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.limpet.core.Affinity;
import dev.limpet.core.Backend;
import dev.limpet.core.PassiveHealth;
import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.l4.SourceIpAffinity;
import dev.limpet.testkit.RawBackend;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the future of a connect says, and on which thread; and that nothing is left after it. */
@Tag("slow")
@Timeout(60)
class StickyConnectTest {
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
  private final TrackedBuffers buffers = new TrackedBuffers();
  private final List<Socket> sockets = new ArrayList<>();
  private final ExecutorService store = Executors.newSingleThreadExecutor();
  private RawBackend backend;
  private Pool pool;
  private Channel listener;

  @BeforeEach
  void start() throws Exception {
    backend = RawBackend.start("b1");
    pool = Pool.builder("db")
        .backends(List.of(backend.backend()))
        .countConnections()
        .build();
    listener = new ServerBootstrap()
        .group(loops)
        .channel(NioServerSocketChannel.class)
        .childOption(ChannelOption.AUTO_READ, false)
        .childHandler(new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel client) {
            accepted.add(client);
          }
        })
        .bind(InetAddress.getLoopbackAddress(), 0)
        .sync()
        .channel();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    try {
      backend.release();
      for (Socket socket : sockets) {
        socket.close();
      }
      loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync(); // closes all channels
      store.shutdown();
      Wait.until("open routes", 0, () -> TcpProxy.openRoutes(pool));
      Wait.until("buffers", 0L, buffers::unreleased);
    } finally {
      backend.close();
    }
  }

  @Test
  void success_isTheBackendsChannel_onTheClientsEventLoop() throws Exception {
    Channel client = client();

    Channel connected = connect(client, router()).sync().getNow();

    assertThat(connected.remoteAddress())
        .isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), backend.port()));
    assertThat(connected.eventLoop()).isSameAs(client.eventLoop());
    assertThat(client.config().isAutoRead()).isFalse();
    assertThat(TcpProxy.openRoutes(pool)).isOne();
    connected.close().sync();
    assertThat(TcpProxy.openRoutes(pool)).isZero();
    assertThat(client.isOpen()).isTrue();
  }

  @Test
  void nameOfABackend_isResolved_andOneThatDoesNotExistIsPassedOver() throws Exception {
    pool.follow(List.of(
        Backend.of("b1", "localhost", backend.port()),
        Backend.of("gone", "gone.invalid", backend.port())));
    StickyRouter<Channel> router = StickyRouter.of(pool, Affinity.none());

    for (int i = 0; i < 4; i++) {
      Channel connected = connect(client(), router).sync().getNow();
      connected.close().sync();
    }

    assertThat(router.stats().reroutes()).isPositive();
  }

  @Test
  void noBackendLeft_isAFailureWithTheReason() throws Exception {
    backend.kill();
    Channel client = client();

    Future<Channel> connected = connect(client, router()).await();

    assertThat(connected.cause())
        .isInstanceOf(NoBackendException.class)
        .hasMessageMatching("route: NO_BACKEND .*\\(expected: a route with a backend\\)");
    assertThat(client.isOpen()).isTrue();
  }

  @Test
  void extractorThatThrows_isAFailure() throws Exception {
    StickyRouter<Channel> router = StickyRouter.of(
        pool,
        SourceIpAffinity.<Channel>builder(any -> {
              throw new IllegalStateException("no key");
            })
            .build());

    Future<Channel> connected = connect(client(), router).await();

    assertThat(connected.cause()).isInstanceOf(IllegalStateException.class).hasMessage("no key");
    assertThat(TcpProxy.openRoutes(pool)).isZero();
  }

  @Test
  void channelThatCannotBeMade_isAFailure_andNotTheBackendsFault() throws Exception {
    pool = Pool.builder("db")
        .backends(List.of(backend.backend(), Backend.of("b2", "127.0.0.1", backend.port())))
        .countConnections()
        .passiveHealth(PassiveHealth.builder().failures(1).build())
        .build();
    Bootstrap broken = new Bootstrap().handler(new Nothing()).channelFactory(() -> {
      throw new IllegalStateException("too many files");
    });

    Future<Channel> connected =
        StickyConnect.of(router()).connect(client(), broken).await();

    assertThat(connected.cause()).hasStackTraceContaining("too many files");
    Wait.until("open routes", 0, () -> TcpProxy.openRoutes(pool));
    assertThat(pool.ejectionStats().ejections()).isZero();
  }

  @Test
  void initializerThatThrows_isAFailure_andNotTheBackendsFault() throws Exception {
    pool = Pool.builder("db")
        .backends(List.of(backend.backend(), Backend.of("b2", "127.0.0.1", backend.port())))
        .countConnections()
        .passiveHealth(PassiveHealth.builder().failures(1).build())
        .build();
    Bootstrap broken = TcpProxy.backends(buffers).handler(new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        throw new IllegalStateException("broken");
      }
    });

    Future<Channel> connected =
        StickyConnect.of(router()).connect(client(), broken).await();

    assertThat(connected.cause()).isInstanceOf(ClosedChannelException.class);
    Wait.until("open routes", 0, () -> TcpProxy.openRoutes(pool));
    assertThat(pool.ejectionStats().ejections()).isZero();
  }

  @Test
  void incompleteBootstrap_isRefusedAtOnce() throws Exception {
    StickyConnect connect = StickyConnect.of(router());
    Channel client = client();

    assertThatThrownBy(() -> connect.connect(client, new Bootstrap()))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(
            () -> connect.connect(client, new Bootstrap().channel(NioSocketChannel.class)))
        .isInstanceOf(IllegalStateException.class);

    assertThat(client.pipeline().get(EarlyReads.class)).isNull();
    assertThatThrownBy(() -> StickyConnect.of(null)).hasMessage("router");
  }

  @Test
  void clientThatHasLeft_isNotRouted() throws Exception {
    Channel client = client();
    client.close().sync();
    StickyRouter<Channel> router = router();

    Future<Channel> connected = connect(client, router).await();

    assertThat(connected.cause()).isInstanceOf(ClosedChannelException.class);
    assertThat(router.stats().requests()).isZero();
  }

  @Test
  void cancel_endsTheConnectUnderWay() throws Exception {
    assumeTrue(backend.fallSilent());
    Channel client = client();
    BlockingQueue<Channel> made = new LinkedBlockingQueue<>();
    Bootstrap backends = TcpProxy.backends(buffers).handler(new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        made.add(channel);
      }
    });
    Future<Channel> connecting = StickyConnect.of(router()).connect(client, backends);
    Channel underWay = made.take();
    Wait.until("open routes", 1, () -> TcpProxy.openRoutes(pool));

    assertThat(connecting.cancel(false)).isTrue();
    assertThat(underWay.closeFuture().await(20, TimeUnit.SECONDS)).isTrue();

    Wait.until("open routes", 0, () -> TcpProxy.openRoutes(pool));
    assertThat(client.isOpen()).isTrue();
    Wait.until("handler", true, () -> client.pipeline().get(EarlyReads.class) == null);
  }

  @Test
  void sharedTable_answersElsewhere_andTheConnectGoesOnOnTheClientsEventLoop() throws Exception {
    Channel client = client();

    List<Boolean> onLoop = new ArrayList<>();
    Channel connected = connect(client, sharedRouter())
        .addListener(done -> onLoop.add(client.eventLoop().inEventLoop()))
        .sync()
        .getNow();

    Wait.until("threads", List.of(true), () -> onLoop);
    connected.close().sync();
  }

  @Test
  void reroute_isAskedOfASharedTableToo() throws Exception {
    RawBackend second = RawBackend.start("b2");
    try (second) {
      backend.kill();
      pool.follow(List.of(backend.backend(), second.backend()));

      for (int i = 0; i < 3; i++) {
        Channel connected = connect(client(), sharedRouter()).sync().getNow();
        assertThat(((InetSocketAddress) connected.remoteAddress()).getPort())
            .isEqualTo(second.port());
        connected.close().sync();
      }
    }
  }

  @Test
  void clientThatLeavesWhileASharedTableIsAsked_leavesNoRoute() throws Exception {
    CountDownLatch answering = blockStore();
    Channel client = client();
    Future<Channel> connecting = connect(client, sharedRouter());

    client.close().sync();
    assertThat(connecting.await().cause()).isInstanceOf(ClosedChannelException.class);
    answering.countDown();

    awaitStore();
    Wait.until("open routes", 0, () -> TcpProxy.openRoutes(pool));
    assertThat(backend.connections()).isZero();
  }

  @Test
  void eventLoopThatEndsWhileASharedTableIsAsked_leavesNoRoute() throws Exception {
    CountDownLatch answering = blockStore();
    StickyRouter<Channel> router = sharedRouter();
    Channel client = client();
    Future<Channel> connecting = connect(client, router);
    client.eventLoop().submit(() -> {}).sync(); // the table is asked
    assertThat(connecting.isDone()).isFalse();

    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    answering.countDown();

    awaitStore();
    assertThat(router.stats().requests()).isOne();
    assertThat(TcpProxy.openRoutes(pool)).isZero();
  }

  private Channel client() throws Exception {
    sockets.add(new Socket(
        InetAddress.getLoopbackAddress(), ((InetSocketAddress) listener.localAddress()).getPort()));
    Channel client = accepted.take();
    Wait.until("active", true, client::isActive);
    return client;
  }

  private Future<Channel> connect(Channel client, StickyRouter<Channel> router) {
    return StickyConnect.of(router).connect(client, TcpProxy.backends(buffers));
  }

  private StickyRouter<Channel> router() {
    return StickyRouter.of(
        pool, SourceIpAffinity.<Channel>builder(ClientAddress::of).build());
  }

  private StickyRouter<Channel> sharedRouter() {
    return StickyRouter.of(
        pool,
        SourceIpAffinity.<Channel>builder(ClientAddress::of)
            .table((session, environment) ->
                new LateTable(CompactStickyTable.of(StickySession.sourceIp(), 1_000), store))
            .build());
  }

  /** Lets the store answer nothing until the latch is counted down. */
  private CountDownLatch blockStore() {
    CountDownLatch latch = new CountDownLatch(1);
    store.execute(() -> {
      try {
        latch.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    return latch;
  }

  private void awaitStore() throws Exception {
    store.submit(() -> {}).get();
  }

  @ChannelHandler.Sharable
  private static final class Nothing extends ChannelInboundHandlerAdapter {}
}
