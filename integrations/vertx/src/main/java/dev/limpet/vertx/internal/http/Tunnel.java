package dev.limpet.vertx.internal.http;

import dev.limpet.vertx.internal.backend.BackendConnection;
import dev.limpet.vertx.internal.backend.TunnelListener;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.NetSocket;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection and a backend's after an upgrade to a WebSocket; the frames pass untouched.
 */
final class Tunnel implements TunnelListener {
  /*
   * What a backend sends with its 101 comes before the client's socket is there, and waits for it.
   *
   * If the client has gone by then, Vert.x never completes the socket and does not fail it either.
   *
   * A paused socket has its end when it is resumed, so the client's is resumed when it is closed:
   * what came from it still goes to the backend, for as long as that takes it.
   */

  private final BackendConnection backend;
  private final Runnable closed;
  private final ByteBuf early = Unpooled.buffer();
  private @Nullable NetSocket client;
  private boolean isClosed;

  /**
   * Makes a tunnel to a backend that has switched protocols.
   *
   * @param closed is run once the backend's connection is closed
   */
  Tunnel(BackendConnection backend, Runnable closed) {
    this.backend = backend;
    this.closed = closed;
  }

  /**
   * Answers 101 with the fields that the response has by now, and joins the two connections.
   *
   * @param ready completes when the response may leave
   */
  void open(HttpServerRequest request, Future<Void> ready) {
    request.response().putHeader("connection", "Upgrade").putHeader("upgrade", "websocket");
    backend.pause();
    backend.tunnel(this);
    ready.onComplete(done -> join(request));
  }

  private void join(HttpServerRequest request) {
    if (request.response().closed()) {
      lose(request);
    } else {
      request.toNetSocket().onComplete(this::join, lost -> lose(request));
    }
  }

  private void lose(HttpServerRequest request) {
    backend.end().close();
    request.connection().close();
  }

  private void join(NetSocket socket) {
    client = socket;
    socket.handler(this::send);
    socket.drainHandler(drained -> backend.resume());
    socket.closeHandler(gone -> finish(socket));
    if (early.isReadable()) {
      socket.write(BufferInternal.buffer(early));
    }
    if (isClosed) {
      socket.end();
    } else {
      backend.resume();
    }
  }

  private void send(Buffer bytes) {
    backend.sendRaw(((BufferInternal) bytes).getByteBuf());
    if (client != null && !backend.isWritable()) {
      client.pause();
    }
  }

  /** Passes on what is left of a client that is gone. */
  private void finish(NetSocket socket) {
    socket.handler(bytes -> backend.sendRaw(((BufferInternal) bytes).getByteBuf()));
    socket.resume();
    backend.end().closeSoon();
  }

  @Override
  public void received(ByteBuf bytes) {
    if (client == null) {
      early.writeBytes(bytes);
      bytes.release();
      return;
    }
    client.write(BufferInternal.safeBuffer(bytes));
    if (client.writeQueueFull()) {
      backend.pause();
    }
  }

  @Override
  public void drained() {
    if (client != null) {
      client.resume();
    }
  }

  @Override
  public void closed() {
    isClosed = true;
    closed.run();
    if (client != null) {
      client.end();
    }
  }
}
