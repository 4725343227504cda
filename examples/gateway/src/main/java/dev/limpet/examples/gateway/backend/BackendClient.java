package dev.limpet.examples.gateway.backend;

import dev.limpet.core.Backend;
import dev.limpet.examples.gateway.net.Engine;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Connects HTTP requests to backends, on the event loops of their clients. Safe for use by many
 * threads at once.
 */
public final class BackendClient {
  private final Engine engine;
  private final BackendCounts counts;
  private final Map<EventLoop, KeptConnections> kept = new ConcurrentHashMap<>();

  /**
   * Makes a client without connections.
   *
   * @param counts counts the faults of backends
   */
  public BackendClient(Engine engine, BackendCounts counts) {
    this.engine = engine;
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
   */
  public Future<BackendConnection> open(ContextInternal context, Backend backend, boolean fresh) {
    KeptConnections waiting = kept.computeIfAbsent(context.nettyEventLoop(), this::keeper);
    return engine.addresses().reach(backend, address -> {
      BackendConnection reused = fresh ? null : waiting.take(address);
      return (reused == null) ? connect(context, address, waiting) : Future.succeededFuture(reused);
    });
  }

  private KeptConnections keeper(EventLoop loop) {
    return new KeptConnections(loop, counts, engine.unexpected());
  }

  private Future<BackendConnection> connect(
      ContextInternal context, SocketAddress address, KeptConnections waiting) {
    Promise<BackendConnection> connected = context.promise();
    ChannelFuture connecting = new Bootstrap()
        .group(context.nettyEventLoop())
        .channelFactory(BackendSocket::new)
        .resolver(NoopAddressResolverGroup.INSTANCE)
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.AUTO_CLOSE, false)
        .option(
            ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) engine.connectTimeout().toMillis())
        .handler(new ChannelInitializer<BackendSocket>() {
          @Override
          protected void initChannel(BackendSocket socket) {
            new BackendConnection(socket, address, waiting).attach();
          }
        })
        .connect(inet(address));
    connecting.addListener(result -> {
      if (result.isSuccess()) {
        connected.complete(connecting.channel().pipeline().get(BackendConnection.class));
      } else {
        connected.fail(result.cause());
      }
    });
    return connected.future();
  }

  private static InetSocketAddress inet(SocketAddress address) {
    return new InetSocketAddress(
        NetUtil.createInetAddressFromIpAddressString(address.hostAddress()), address.port());
  }
}
