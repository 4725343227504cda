package dev.limpet.examples.gateway.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections to some listeners whose clients have no request under way and send none in time: nothing at
 * all, nothing any more, or the header section of one too slowly.
 */
public final class ClientTimeouts {
  /*
   * Vert.x knows of an HTTP connection when its first request is there, so the wait for that begins at the
   * accept. A connection has one timer, which looks how long it has been idle and is set again for the rest:
   * a request costs no more than a note. All that concerns one client happens on its event loop.
   */

  private final Map<Ends, Client> clients = new ConcurrentHashMap<>();

  ClientTimeouts() {}

  /** Returns what is to be before a listener. */
  ChannelHandler watch(Duration timeout) {
    return new Accept(timeout);
  }

  /** Notes that a request has come; called by the connection's event loop. */
  public void began(HttpConnection connection) {
    note(connection, 1);
  }

  /** Notes that a request is over; called by the connection's event loop. */
  public void ended(HttpConnection connection) {
    note(connection, -1);
  }

  private void note(HttpConnection connection, int change) {
    Client client = clients.get(Ends.of(connection));
    if (client != null) {
      client.note(change);
    }
  }

  /** Both ends of a TCP connection, which no other has at the same time. */
  private record Ends(String client, int clientPort, String gateway, int gatewayPort) {
    static Ends of(HttpConnection connection) {
      SocketAddress client = connection.remoteAddress(true);
      SocketAddress gateway = connection.localAddress(true);
      return new Ends(client.hostAddress(), client.port(), gateway.hostAddress(), gateway.port());
    }

    static Ends of(Channel channel) {
      InetSocketAddress client = (InetSocketAddress) channel.remoteAddress();
      InetSocketAddress gateway = (InetSocketAddress) channel.localAddress();
      return new Ends(
          client.getAddress().getHostAddress(),
          client.getPort(),
          gateway.getAddress().getHostAddress(),
          gateway.getPort());
    }
  }

  @Sharable
  private final class Accept extends ChannelInboundHandlerAdapter {
    private final Duration timeout;

    Accept(Duration timeout) {
      this.timeout = timeout;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
      ((Channel) accepted).pipeline().addFirst(new Client(timeout));
      context.fireChannelRead(accepted);
    }
  }

  private final class Client extends ChannelInboundHandlerAdapter {
    private final long nanos;
    private int requests;
    private long idleSince = System.nanoTime();
    private @Nullable Ends ends;
    private @Nullable Future<?> timer;

    Client(Duration timeout) {
      this.nanos = timeout.toNanos();
    }

    void note(int change) {
      requests += change;
      idleSince = System.nanoTime();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      ends = Ends.of(context.channel());
      clients.put(ends, this);
      look(context);
      context.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (ends != null) {
        clients.remove(ends, this);
      }
      if (timer != null) {
        timer.cancel(false);
      }
      context.fireChannelInactive();
    }

    private void look(ChannelHandlerContext context) {
      long left = (requests > 0) ? nanos : idleSince + nanos - System.nanoTime();
      if (left > 0) {
        timer = context.executor().schedule(() -> look(context), left, TimeUnit.NANOSECONDS);
      } else {
        ChannelFuture unused = context.close();
      }
    }
  }
}
