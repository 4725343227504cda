package dev.limpet.undertow;

import io.undertow.client.ClientCallback;
import io.undertow.client.ClientConnection;
import io.undertow.client.UndertowClient;
import io.undertow.connector.ByteBufferPool;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.WorkerUtils;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;
import org.xnio.ssl.XnioSsl;

/** The connections to one backend. Each belongs to one I/O thread, which alone uses it. */
final class OriginConnections {
  /*
   * Undertow's ProxyConnectionPool is not used: it holds a connection that came too late until the
   * request ends, its close leaves unused connections open, it returns a connection in the middle
   * of a response if the client has left, and it has a health state of its own.
   */

  private static final OptionMap OPTIONS = OptionMap.create(Options.TCP_NODELAY, true);

  private final Origin origin;
  private final @Nullable XnioSsl ssl;
  private final int most;
  private final Duration idleTimeout;
  private final Map<XnioIoThread, OfThread> ofThreads = new ConcurrentHashMap<>();
  private volatile boolean isClosed;

  OriginConnections(Origin origin, StickyProxyBuilder settings) {
    this.origin = origin;
    this.ssl = settings.ssl;
    this.most = settings.connectionsPerThread;
    this.idleTimeout = settings.idleTimeout;
  }

  /**
   * Takes an unused connection or opens one. Called on the request's I/O thread, as the callback
   * is, perhaps before this returns.
   *
   * @throws IllegalArgumentException if the backend's scheme or host cannot be connected to
   */
  void take(HttpServerExchange request, ClientCallback<ClientConnection> callback) {
    OfThread mine = ofThreads.computeIfAbsent(request.getIoThread(), OfThread::new);
    ClientConnection unused = mine.poll();
    if (unused != null) {
      callback.completed(unused);
    } else if (mine.open == most) {
      callback.failed(new IOException("connectionsPerThread: " + most + " (expected: fewer)"));
    } else {
      mine.open(origin.uri(ssl != null), request, callback);
    }
  }

  /** Keeps an unused connection for the next request, if it can serve one. */
  void giveBack(ClientConnection connection) {
    OfThread mine = ofThreads.get(connection.getIoThread());
    if (mine == null || isClosed || !connection.isOpen()) {
      IoUtils.safeClose(connection);
    } else {
      mine.keep(connection);
    }
  }

  /** Closes the unused connections, and lets the others be closed when they are given back. */
  void close() {
    isClosed = true;
    ofThreads.values().forEach(OfThread::closeUnusedSoon);
  }

  private record Unused(ClientConnection connection, XnioExecutor.Key timer) {}

  /** The connections of one I/O thread. */
  private final class OfThread {
    private final XnioIoThread thread;
    private final Deque<Unused> unused = new ArrayDeque<>();
    private int open;

    OfThread(XnioIoThread thread) {
      this.thread = thread;
    }

    @Nullable
    ClientConnection poll() {
      for (Unused last = unused.pollLast(); last != null; last = unused.pollLast()) {
        last.timer.remove();
        if (last.connection.isOpen()) {
          return last.connection;
        }
      }
      return null;
    }

    void open(URI uri, HttpServerExchange request, ClientCallback<ClientConnection> callback) {
      open++;
      Opening opening = new Opening(this, callback);
      ByteBufferPool buffers = request.getConnection().getByteBufferPool();
      try {
        UndertowClient.getInstance().connect(opening, uri, thread, ssl, buffers, OPTIONS);
      } catch (RuntimeException unresolved) { // XNIO throws it for a host that has no address
        opening.failed(new IOException(unresolved));
      }
    }

    void opened(ClientConnection connection) {
      connection.addCloseListener(this::closed);
    }

    void keep(ClientConnection connection) {
      XnioExecutor.Key timer = WorkerUtils.executeAfter(
          thread,
          () -> IoUtils.safeClose(connection),
          idleTimeout.toMillis(),
          TimeUnit.MILLISECONDS);
      unused.addLast(new Unused(connection, timer));
    }

    void closeUnusedSoon() {
      try {
        thread.execute(this::closeUnused);
      } catch (RejectedExecutionException ended) {
        // with the thread, its connections have been closed
      }
    }

    private void closeUnused() {
      for (Unused last = unused.pollLast(); last != null; last = unused.pollLast()) {
        last.timer.remove();
        IoUtils.safeClose(last.connection);
      }
    }

    @SuppressWarnings("ReferenceEquality") // a connection is itself
    private void closed(ClientConnection connection) {
      open--;
      unused.stream()
          .filter(each -> each.connection == connection)
          .findFirst()
          .ifPresent(closed -> {
            closed.timer.remove();
            unused.remove(closed);
          });
    }
  }

  /** Waits for a new connection. For some schemes, Undertow's client reports one twice. */
  private static final class Opening implements ClientCallback<ClientConnection> {
    private final OfThread connections;
    private final ClientCallback<ClientConnection> callback;
    private boolean isOver;

    Opening(OfThread connections, ClientCallback<ClientConnection> callback) {
      this.connections = connections;
      this.callback = callback;
    }

    @Override
    public void completed(ClientConnection connection) {
      if (!isOver) {
        isOver = true;
        connections.opened(connection);
        callback.completed(connection);
      }
    }

    @Override
    public void failed(IOException cause) {
      if (!isOver) {
        isOver = true;
        connections.open--;
        callback.failed(cause);
      }
    }
  }
}
