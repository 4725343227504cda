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

/** All listeners and the connections of their clients, and how they end when the gateway stops. */
public final class Clients {
  /*
   * The graceful shutdown of Vert.x is not used: it closes TCP connections and tunnels at once,
   * does not tell HTTP/1 clients that a connection closes, closes the listening socket after the
   * last of several servers only, and waits for ever for a peer that does not read. So connections
   * are kept here from the accept on, each with what it has under way.
   */

  private static final int CLOSE_MILLIS = 1000;

  private final ChannelGroup channels = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
  private volatile boolean stopping;

  Clients() {}

  /**
   * Returns what is to be before a listener.
   *
   * @param timeout how long an HTTP client may have no request under way; null for what is not
   *     HTTP, where a connection is under way until it is closed
   */
  ChannelHandler watch(@Nullable Duration timeout) {
    return new Accept(timeout);
  }

  /**
   * Notes that a request has come; called by the connection's event loop.
   *
   * @return whether it may be served; if not, the connection is to be closed
   */
  public boolean began(HttpConnection connection) {
    return client(connection).began();
  }

  /** Notes that a request is over; called by the connection's event loop. */
  public void ended(HttpConnection connection) {
    client(connection).ended();
  }

  /** Returns whether an HTTP/1 connection closes after the response; called by its event loop. */
  public boolean closes(HttpConnection connection) {
    return client(connection).closesAfterResponse();
  }

  /**
   * Closes all listeners and what is idle, lets the rest end in time, and closes what is left then.
   * Blocks; not for event loops.
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

    /** A connection is known once it has its event loop. */
    @Override
    public void channelRead(ChannelHandlerContext listener, Object message) {
      Channel accepted = (Channel) message;
      accepted.pipeline().addFirst(new ClientConnection(timeout, () -> stopping));
      listener.fireChannelRead(accepted);
      channels.add(accepted);
    }
  }
}
