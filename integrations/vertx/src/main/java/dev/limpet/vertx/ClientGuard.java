package dev.limpet.vertx;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.FaultException;
import dev.limpet.l7.AddressRange;
import dev.limpet.vertx.internal.net.ClientConnection;
import dev.limpet.vertx.internal.net.ClientEnds;
import dev.limpet.vertx.internal.net.GuardedTransport;
import dev.limpet.vertx.internal.net.ProxyProtocolGate;
import dev.limpet.vertx.internal.net.Waits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelGroupFuture;
import io.netty.channel.group.ChannelMatchers;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.transport.Transport;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches the connections of clients from the accept on: closes idle ones, accepts PROXY headers
 * from trusted senders only, and lets requests under way end when a server stops. It is a layer of
 * a Vert.x transport, so give it to Vert.x when that is built:
 *
 * <pre>{@code
 * ClientGuard guard = ClientGuard.over(Transport.NIO);
 * Vertx vertx = Vertx.builder().withTransport(guard.transport()).build();
 * HttpServerOptions options =
 *     guard.clientTimeout(StickyHttpProxy.serverOptions().setPort(80), Duration.ofSeconds(60));
 * vertx.createHttpServer(options)
 *     .requestHandler(StickyHttpProxy.builder(vertx, router).clientGuard(guard).build())
 *     .listen();
 * }</pre>
 *
 * <p>Settings are those of the host and the port of the given options, and apply to servers that
 * listen afterwards. Set the port in the options, and call {@code listen()}: a port that is only
 * given to {@code listen(port)} is not known here, so a server with such a port gets the settings
 * of whichever options have the same host and port as its own. If several listeners take a free
 * port, give each its own negative number, from which Vert.x makes a free port.
 *
 * <p>Safe for use by many threads at once.
 */
public final class ClientGuard {
  /*
   * The graceful shutdown of Vert.x is not used. It closes TCP connections and tunnels at once,
   * does not tell HTTP/1 clients that their connection closes, closes a listening socket only after
   * the last of several servers, and waits forever for a peer that does not read. So all
   * connections are tracked here from the accept on, each with its requests under way.
   *
   * The public API of Vert.x does not lead from a request to its channel. So a connection's first
   * request finds what was accepted by the addresses of both ends, and later ones by the identity
   * of their connection.
   */

  private static final Duration PROXY_HEADER_DEADLINE = Duration.ofSeconds(5);
  private static final int CLOSE_MILLIS = 1000;

  private final Transport behind;
  private final ChannelGroup channels = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
  private final Map<Listener, Duration> timeouts = new ConcurrentHashMap<>();
  private final Map<Listener, List<AddressRange>> senders = new ConcurrentHashMap<>();
  private final Map<ClientEnds, ClientConnection> accepted = new ConcurrentHashMap<>();
  private final Map<HttpConnection, ClientConnection> clients = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  private ClientGuard(Transport behind) {
    this.behind = requireNonNull(behind, "behind");
  }

  /**
   * {@return a guard that is not used yet}
   *
   * @param behind the transport that it uses; {@link Transport#NIO} for a {@link StickyHttpProxy}
   */
  public static ClientGuard over(Transport behind) {
    return new ClientGuard(behind);
  }

  /** {@return the transport for {@link io.vertx.core.VertxBuilder#withTransport}} */
  public Transport transport() {
    return new Guarded(behind, new GuardedTransport(behind.implementation(), this::addHandlers));
  }

  /**
   * Sets how long an HTTP client may have no request under way before its connection is closed,
   * whether it sends nothing or sends the head of a request too slowly. A tunnel is a request under
   * way. Without this setting, a connection is never closed for being idle. Only requests that a
   * {@link StickyHttpProxy} with this guard serves count. Clients of Unix domain sockets have no
   * limit, because their requests cannot be told apart.
   *
   * @param options the server's, with its host and port; not changed
   * @param timeout from a millisecond to 24 days
   * @param <O> the type of options
   * @return the same options
   * @throws FaultException if the timeout is out of range
   */
  public <O extends NetServerOptions> O clientTimeout(O options, Duration timeout) {
    int unused = Waits.millis("clientTimeout", timeout);
    timeouts.put(Listener.of(options), timeout);
    return options;
  }

  /**
   * Sets the senders that begin each connection with a header of the PROXY protocol, version 1 or
   * 2, within 5 seconds. Connections of all other senders are closed. Unlike the decoder of Vert.x,
   * this one is strict. Needs {@code netty-codec-haproxy}.
   *
   * @param options the server's, with its host and port; {@linkplain
   *     NetServerOptions#setUseProxyProtocol set} to use the PROXY protocol
   * @param trusted addresses, and ranges such as {@code 192.0.2.0/24}, as
   *     {@link AddressRange#parse} reads them
   * @param <O> the type of options
   * @return the same options
   * @throws FaultException if a range is malformed or has bits set after its prefix
   */
  public <O extends NetServerOptions> O proxyProtocol(O options, Collection<String> trusted) {
    senders.put(Listener.of(options), trusted.stream().map(AddressRange::parse).toList());
    NetServerOptions unused = options.setUseProxyProtocol(true);
    return options;
  }

  /**
   * Closes all listeners and idle connections, lets requests under way end within the timeout, and
   * then closes the rest, with those of TCP. HTTP/1.1 clients are told that their connection
   * closes, and HTTP/2 clients that no further request is served. Blocks, at most a second longer
   * than the timeout; not for event loops. A connection of a server without a client timeout counts
   * as a request under way. The guard cannot be used afterwards.
   *
   * @param timeout how long requests under way may take; zero to close them at once
   */
  public void stop(Duration timeout) {
    stopping = true;
    channels.close(ChannelMatchers.isServerChannel()).awaitUninterruptibly();
    ChannelGroupFuture ended = channels.newCloseFuture();
    forEach(ClientConnection::stop);
    ended.awaitUninterruptibly(timeout.toMillis());
    forEach(ClientConnection::close);
    ended.awaitUninterruptibly(CLOSE_MILLIS);
  }

  /** Returns a request's client; null if its connection was not accepted through this guard. */
  @Nullable
  ClientConnection client(HttpConnection connection) {
    ClientConnection known = clients.get(connection);
    return (known == null) ? firstRequest(connection) : known;
  }

  private @Nullable ClientConnection firstRequest(HttpConnection connection) {
    ClientEnds ends = ClientEnds.of(connection);
    ClientConnection client = (ends == null) ? null : accepted.get(ends);
    if (client != null) {
      clients.put(connection, client);
      client.whenClosed(() -> clients.remove(connection));
    }
    return client;
  }

  private void addHandlers(NetServerOptions options, ChannelPipeline listening) {
    Listener listener = Listener.of(options);
    List<AddressRange> trusted = senders.get(listener);
    if (trusted != null) {
      listening.addLast(new ProxyProtocolGate(trusted, PROXY_HEADER_DEADLINE));
    }
    listening.addLast(new Accept(timeouts.get(listener)));
  }

  private void forEach(Consumer<ClientConnection> work) {
    for (Channel channel : channels) {
      channel.eventLoop().execute(() -> {
        ClientConnection client = channel.pipeline().get(ClientConnection.class);
        if (client != null) {
          work.accept(client);
        }
      });
    }
  }

  /** The address as configured; a negative port stands for a free one. */
  private record Listener(String host, int port) {
    static Listener of(NetServerOptions options) {
      return new Listener(options.getHost(), options.getPort());
    }
  }

  private record Guarded(Transport behind, io.vertx.core.spi.transport.Transport implementation)
      implements Transport {
    @Override
    public String name() {
      return behind.name();
    }

    @Override
    public boolean available() {
      return behind.available();
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
      return behind.unavailabilityCause();
    }
  }

  @Sharable
  private final class Accept extends ChannelInboundHandlerAdapter {
    private final @Nullable Duration timeout;

    Accept(@Nullable Duration timeout) {
      this.timeout = timeout;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext listener) {
      channels.add(listener.channel());
    }

    /** Adds the connection to the group only after it was registered with its event loop. */
    @Override
    public void channelRead(ChannelHandlerContext listener, Object message) {
      Channel channel = (Channel) message;
      ClientEnds ends = ClientEnds.of(channel);
      ClientConnection client =
          new ClientConnection((ends == null) ? null : timeout, () -> stopping);
      channel.pipeline().addFirst(client);
      if (ends != null && timeout != null) {
        remember(channel, ends, client);
      }
      listener.fireChannelRead(channel);
      channels.add(channel);
    }

    private void remember(Channel channel, ClientEnds ends, ClientConnection client) {
      accepted.put(ends, client);
      ChannelFuture unused =
          channel.closeFuture().addListener(closed -> accepted.remove(ends, client));
    }
  }
}
