package dev.limpet.vertx.internal.backend;

import dev.limpet.core.Backend;
import dev.limpet.vertx.BackendTls;
import dev.limpet.vertx.internal.net.Network;
import dev.limpet.vertx.internal.net.TlsContexts;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Connects HTTP requests to backends, on the event loops of their clients. Safe for use by many
 * threads at once.
 */
public final class BackendClient {
  private final Network network;
  private final BackendCounts counts;
  private final Map<EventLoop, KeptConnections> kept = new ConcurrentHashMap<>();

  /**
   * Makes a client without connections.
   *
   * @param counts counts the faults of backends
   */
  public BackendClient(Network network, BackendCounts counts) {
    this.network = network;
    this.counts = counts;
  }

  /** Returns the counters of backends' faults. */
  public BackendCounts counts() {
    return counts;
  }

  /**
   * Opens a connection of the caller's event loop to a backend, or takes one that was kept. The
   * future completes on the context, and fails if the backend cannot be reached.
   *
   * @param context the caller's
   * @param fresh whether it must be a new connection
   * @param connectMillis how long a connect to an address of the backend may take
   */
  public Future<BackendConnection> open(
      ContextInternal context, Backend backend, boolean fresh, int connectMillis) {
    KeptConnections waiting = kept.computeIfAbsent(context.nettyEventLoop(), this::keeper);
    BackendTls tls = TlsContexts.tls(backend);
    return network.addresses().reach(backend, address -> {
      Peer peer = new Peer(address, tls);
      BackendConnection reused = fresh ? null : waiting.take(peer);
      return (reused == null)
          ? connect(context, peer, waiting, connectMillis)
          : Future.succeededFuture(reused);
    });
  }

  private KeptConnections keeper(EventLoop loop) {
    return new KeptConnections(loop, counts, this::report);
  }

  /** Hands an exception that nothing handled to the handler of the embedder. */
  private void report(Throwable unexpected) {
    ((VertxInternal) network.vertx()).getOrCreateContext().reportException(unexpected);
  }

  private Future<BackendConnection> connect(
      ContextInternal context, Peer peer, KeptConnections waiting, int connectMillis) {
    Promise<BackendConnection> connected = context.promise();
    ChannelFuture connecting = new Bootstrap()
        .group(context.nettyEventLoop())
        .channelFactory(BackendSocket::new)
        .resolver(NoopAddressResolverGroup.INSTANCE)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.AUTO_CLOSE, false)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
        .handler(new ChannelInitializer<BackendSocket>() {
          @Override
          protected void initChannel(BackendSocket socket) {
            new BackendConnection(socket, peer, tls(socket, peer, connectMillis), waiting).attach();
          }
        })
        .connect(inet(peer.address()));
    connecting.addListener(result -> {
      if (result.isSuccess()) {
        greet(connecting.channel().pipeline(), connected);
      } else {
        connected.fail(result.cause());
      }
    });
    return connected.future();
  }

  private @Nullable TlsHandler tls(BackendSocket socket, Peer peer, int connectMillis) {
    BackendTls tls = peer.tls();
    return (tls == null)
        ? null
        : TlsHandler.of(
            network.tls().of(tls), tls, peer.address().port(), socket.alloc(), connectMillis);
  }

  /** Completes the connect; with TLS, after the handshake. */
  private static void greet(ChannelPipeline pipeline, Promise<BackendConnection> connected) {
    BackendConnection connection = pipeline.get(BackendConnection.class);
    TlsHandler tls = pipeline.get(TlsHandler.class);
    if (tls == null) {
      connected.complete(connection);
      return;
    }
    tls.handshakeFuture().addListener(done -> {
      if (done.isSuccess()) {
        connected.complete(connection);
      } else {
        connected.fail(done.cause());
      }
    });
  }

  private static InetSocketAddress inet(SocketAddress address) {
    return new InetSocketAddress(
        NetUtil.createInetAddressFromIpAddressString(address.hostAddress()), address.port());
  }
}
