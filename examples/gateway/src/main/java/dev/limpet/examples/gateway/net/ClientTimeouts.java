package dev.limpet.examples.gateway.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
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
 * Closes connections to some ports whose clients have no request under way and send none in time: nothing at
 * all, nothing any more, or the header section of one too slowly.
 */
@Sharable
public final class ClientTimeouts extends ChannelInboundHandlerAdapter {
  /*
   * Vert.x knows of an HTTP connection when its first request is there, so the wait for that begins at the
   * accept. A connection has one timer, which looks how long it has been idle and is set again for the rest:
   * a request costs no more than a note. All that concerns one client happens on its event loop.
   */

  private final Map<Integer, Duration> timeouts = new ConcurrentHashMap<>();
  private final Map<Peer, Client> clients = new ConcurrentHashMap<>();

  ClientTimeouts() {}

  /** Begins to close connections to a port. */
  public void watch(int port, Duration timeout) {
    timeouts.put(port, timeout);
  }

  /** Notes that a request has come; called by the connection's event loop. */
  public void began(HttpConnection connection) {
    note(connection, 1);
  }

  /** Notes that a request is over; called by the connection's event loop. */
  public void ended(HttpConnection connection) {
    note(connection, -1);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel accepted = (Channel) message;
    Duration timeout = timeouts.get(((InetSocketAddress) accepted.localAddress()).getPort());
    if (timeout != null) {
      accepted.pipeline().addFirst(new Client(timeout));
    }
    context.fireChannelRead(message);
  }

  private void note(HttpConnection connection, int change) {
    Client client = clients.get(Peer.of(connection.remoteAddress(true)));
    if (client != null) {
      client.note(change);
    }
  }

  /** The other end of a TCP connection, which no other has at the same time. */
  private record Peer(String address, int port) {
    static Peer of(SocketAddress address) {
      return new Peer(address.hostAddress(), address.port());
    }

    static Peer of(Channel channel) {
      InetSocketAddress address = (InetSocketAddress) channel.remoteAddress();
      return new Peer(address.getAddress().getHostAddress(), address.getPort());
    }
  }

  private final class Client extends ChannelInboundHandlerAdapter {
    private final long nanos;
    private int requests;
    private long idleSince = System.nanoTime();
    private @Nullable Peer peer;
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
      peer = Peer.of(context.channel());
      clients.put(peer, this);
      look(context);
      context.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (peer != null) {
        clients.remove(peer, this);
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
