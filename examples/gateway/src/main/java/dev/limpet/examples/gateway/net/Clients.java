package dev.limpet.examples.gateway.net;

import static java.util.Objects.requireNonNull;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
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
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All listeners and the connections of their clients. Ends them when the gateway stops. */
public final class Clients {
  /*
   * The graceful shutdown of Vert.x is not used. It closes TCP connections and tunnels at once,
   * does not tell HTTP/1 clients that their connection closes, closes a listening socket only after
   * the last of several servers, and waits forever for a peer that does not read. So all
   * connections are tracked here from the accept on, each with its requests under way.
   */

  private static final int CLOSE_MILLIS = 1000;

  private final ChannelGroup channels = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
  private volatile boolean stopping;

  Clients() {}

  /**
   * Returns the handler to put before a listener.
   *
   * @param timeout how long an HTTP client may have no request under way; null for other protocols,
   *     for which a connection counts as under way until it is closed
   */
  ChannelHandler watch(@Nullable Duration timeout) {
    return new Accept(timeout);
  }

  /**
   * Records the start of a request. Called by the connection's event loop.
   *
   * @return whether the request may be served; if not, the caller closes the connection
   */
  public boolean began(HttpConnection connection) {
    return client(connection).began();
  }

  /** Records the end of a request. Called by the connection's event loop. */
  public void ended(HttpConnection connection) {
    client(connection).ended();
  }

  /**
   * Returns whether an HTTP/1 connection closes after the response. Called by the connection's
   * event loop.
   */
  public boolean closes(HttpConnection connection) {
    return client(connection).closesAfterResponse();
  }

  /**
   * Closes all listeners and idle connections, lets requests under way end within the timeout, and
   * then closes the rest. Blocks; not for event loops.
   */
  void stop(Duration timeout) {
    stopping = true;
    channels.close(ChannelMatchers.isServerChannel()).awaitUninterruptibly();
    ChannelGroupFuture ended = channels.newCloseFuture();
    forEach(ClientConnection::stop);
    ended.awaitUninterruptibly(timeout.toMillis());
    forEach(ClientConnection::close);
    ended.awaitUninterruptibly(CLOSE_MILLIS);
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

  private static ClientConnection client(HttpConnection connection) {
    ChannelPipeline pipeline = ((ConnectionBase) connection).channel().pipeline();
    return requireNonNull(pipeline.get(ClientConnection.class));
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
      Channel accepted = (Channel) message;
      accepted.pipeline().addFirst(new ClientConnection(timeout, () -> stopping));
      listener.fireChannelRead(accepted);
      channels.add(accepted);
    }
  }
}
