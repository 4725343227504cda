package dev.limpet.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import java.net.SocketAddress;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is attempted until it succeeds. After that, Lettuce reconnects it whenever it
 * breaks.
 *
 * @param <C> the type of the connection
 */
@SuppressWarnings("FutureReturnValueIgnored") // closing may fail without harm
final class ReconnectingConnection<C extends StatefulConnection<byte[], byte[]>>
    implements RedisConnectionStateListener {
  private static final long REPLACE_AFTER_MILLIS = 500;

  private final Supplier<? extends CompletionStage<C>> connector;
  private final Consumer<C> opened;
  private final Runnable back;
  private final boolean breaks;
  private final ScheduledExecutorService executor;
  private final Backoff backoff = new Backoff();

  private volatile @Nullable C connection;
  private volatile boolean up;
  private boolean closed; // guarded by this

  /**
   * Makes no connection yet.
   *
   * @param connector makes a connection
   * @param opened receives each new connection
   * @param back runs whenever Lettuce has reconnected
   * @param breaks whether the connection is useless while Lettuce reconnects
   * @param executor runs attempts to connect
   */
  ReconnectingConnection(
      Supplier<? extends CompletionStage<C>> connector,
      Consumer<C> opened,
      Runnable back,
      boolean breaks,
      ScheduledExecutorService executor) {
    this.connector = connector;
    this.opened = opened;
    this.back = back;
    this.breaks = breaks;
    this.executor = executor;
  }

  /** {@return the connection; null while absent} */
  @Nullable
  C connection() {
    return up ? connection : null;
  }

  void open() {
    if (isClosed()) {
      return;
    }
    try {
      connector.get().whenComplete((made, failure) -> {
        if (made != null) {
          opened(made);
        } else {
          openLater(backoff.next());
        }
      });
    } catch (RuntimeException e) {
      openLater(backoff.next());
    }
  }

  private void openLater(long millis) {
    later(millis, this::open);
  }

  /** Runs a task later, unless the connection is closed by then. */
  void later(long millis, Runnable task) {
    try {
      executor.schedule(
          () -> {
            if (!isClosed()) {
              task.run();
            }
          },
          millis,
          TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      close();
    }
  }

  private void opened(C made) {
    if (!hold(made)) {
      made.closeAsync();
      return;
    }
    backoff.reset();
    made.addListener(this);
    up = true;
    opened.accept(made);
  }

  private synchronized boolean hold(C made) {
    if (!closed) {
      connection = made;
    }
    return !closed;
  }

  /** Closes a connection that gives wrong answers, and makes another one a little later. */
  void replace(StatefulConnection<byte[], byte[]> broken) {
    if (drop(broken)) {
      broken.removeListener(this);
      broken.closeAsync();
      openLater(
          ThreadLocalRandom.current().nextLong(REPLACE_AFTER_MILLIS / 2, REPLACE_AFTER_MILLIS + 1));
    }
  }

  @SuppressWarnings("ReferenceEquality") // a connection is equal only to itself
  private synchronized boolean drop(StatefulConnection<byte[], byte[]> broken) {
    if (closed || connection != broken) {
      return false;
    }
    up = false;
    connection = null;
    return true;
  }

  void close() {
    StatefulConnection<byte[], byte[]> last = end();
    if (last != null) {
      last.removeListener(this);
      last.closeAsync();
    }
  }

  private synchronized @Nullable StatefulConnection<byte[], byte[]> end() {
    StatefulConnection<byte[], byte[]> last = connection;
    closed = true;
    up = false;
    connection = null;
    return last;
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {
    up = true;
    back.run();
  }

  @Override
  public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
    up = !breaks;
  }
}
