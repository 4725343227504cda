package dev.limpet.benchmarks.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One turn of load on one URL, with new clients. */
final class Turn {
  private static final long LEAD_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Load load;
  private final URI url;
  private final Tally tally;
  private final EventLoop loop;
  private final CountDownLatch running;
  private final long start = System.nanoTime() + LEAD_NANOS;

  private Turn(Load load, URI url, Tally tally, EventLoop loop) {
    this.load = load;
    this.url = url;
    this.tally = tally;
    this.loop = loop;
    this.running = new CountDownLatch(load.connections());
  }

  /**
   * Sends all requests of a load. Responses may arrive up to 10 seconds after the last request was
   * due.
   *
   * @throws InterruptedException if this thread is interrupted meanwhile
   */
  static void run(Load load, URI url, Tally tally) throws InterruptedException {
    tally.begin(load);
    boolean isEpoll = Epoll.isAvailable(); // has timers of microseconds, others of milliseconds
    EventLoopGroup group = new MultiThreadIoEventLoopGroup(
        1, isEpoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    try {
      new Turn(load, url, tally, group.next())
          .run(isEpoll ? EpollSocketChannel.class : NioSocketChannel.class);
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  private void run(Class<? extends Channel> channels) throws InterruptedException {
    Bootstrap bootstrap = new Bootstrap()
        .group(loop)
        .channel(channels)
        .option(ChannelOption.TCP_NODELAY, true)
        .remoteAddress(url.getHost(), (url.getPort() == -1) ? 80 : url.getPort());
    for (int i = 0; i < load.connections(); i++) {
      loop.execute(new Client(this, bootstrap, i)::await);
    }
    running.await(endNanos() + GRACE_NANOS - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  Load load() {
    return load;
  }

  EventLoop loop() {
    return loop;
  }

  String host() {
    return url.getRawAuthority();
  }

  String target() {
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return (url.getRawQuery() == null) ? path : path + '?' + url.getRawQuery();
  }

  /** Returns when a request is due, as a time of {@link System#nanoTime}. */
  long due(long request) {
    return start + load.dueNanos(request);
  }

  /** Returns whether there is no such request, or it would be sent too late. */
  boolean isOver(long request) {
    return request >= load.requests() || System.nanoTime() - endNanos() >= GRACE_NANOS;
  }

  /** Records a response with status 200. */
  void answered(long request, boolean isMove) {
    if (load.counts(request)) {
      long now = System.nanoTime();
      tally.answered(now - due(request), now - endNanos() < 0, isMove);
    }
  }

  /** Ends a client. */
  void end() {
    running.countDown();
  }

  private long endNanos() {
    return start + load.endNanos();
  }
}
