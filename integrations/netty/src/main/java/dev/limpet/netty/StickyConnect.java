package dev.limpet.netty;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.PassiveHealth;
import dev.limpet.core.StickyRouter;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;

/**
 * Connects the channels of clients to the backends of their sessions. Safe for use by many threads
 * at once; never blocks, except in a blocking resolver of the bootstrap.
 *
 * <pre>{@code
 * StickyConnect connect = StickyConnect.of(router);
 *
 * void proxy(Channel client) {
 *   connect.connect(client, backends).addListener((Future<Channel> connected) -> {
 *     if (connected.isSuccess()) {
 *       Pipe.join(client, connected.getNow()); // adds handlers, then sets auto-read
 *     } else {
 *       client.close();
 *     }
 *   });
 * }
 * }</pre>
 *
 * <p>Reports to a pool with {@link PassiveHealth}: each failed connect as a failure, and each
 * accepted connection as a success.
 */
public final class StickyConnect {
  private final StickyRouter<? super Channel> router;

  private StickyConnect(StickyRouter<? super Channel> router) {
    this.router = router;
  }

  /**
   * {@return a connector that uses a router}
   *
   * @param router routes the channels of clients, for example by {@link ClientAddress}; may use a
   *     shared table
   */
  public static StickyConnect of(StickyRouter<? super Channel> router) {
    return new StickyConnect(requireNonNull(router, "router"));
  }

  /**
   * Connects a client to the backend of its session. After a failed connect it tries the next
   * backend, as {@link StickyRouter#reroute} does. Everything runs on the event loop of the
   * client's channel, and so does the backend's channel.
   *
   * <p>The client is read while this connects, until it has sent about 64 KiB. What it has sent is
   * kept, and no handler that is added later sees it yet. When the future completes, the client's
   * auto-read is off. So add your handlers, and then set auto-read or call {@link Channel#read}:
   * that delivers what was kept, in order. If the client shuts down its output ({@link
   * io.netty.channel.ChannelOption#ALLOW_HALF_CLOSURE}), that event is kept as well.
   *
   * <p>The attempt ends if the client closes or resets its connection, and if the caller cancels
   * the future. Then the connect under way is closed, what was kept is released, and no route stays
   * open. After a success, the route is open until the backend's channel is closed: close that
   * channel when the client leaves. The client's channel is never closed here, except after a
   * connection reset.
   *
   * @param client a registered channel; for one call at a time
   * @param backends how to connect: its channel type must fit the client's event loop. It needs no
   *     group, and its group and remote address are not used. Its connect timeout ({@link
   *     io.netty.channel.ChannelOption#CONNECT_TIMEOUT_MILLIS}, 30 s by default) is for one backend
   *     and limits how long a dead host delays a client. Its resolver looks up the names of
   *     backends; the default one blocks the event loop
   * @return the backend's connected channel; completes on the client's event loop. Fails with a
   *     {@link NoBackendException} if no backend is left, with a {@link
   *     java.nio.channels.ClosedChannelException} if the client left, and with the cause if the
   *     router threw or no channel could be made
   * @throws IllegalStateException if the bootstrap has no channel type or no handler, or the client
   *     is not registered
   */
  public Future<Channel> connect(Channel client, Bootstrap backends) {
    EventLoop loop = client.eventLoop();
    Bootstrap bootstrap = backends.clone(loop).validate();
    Promise<Channel> found = loop.newPromise();
    BackendSearch search = new BackendSearch(router, client, bootstrap, found);
    if (loop.inEventLoop()) {
      search.begin();
    } else {
      loop.execute(search::begin);
    }
    return found;
  }
}
