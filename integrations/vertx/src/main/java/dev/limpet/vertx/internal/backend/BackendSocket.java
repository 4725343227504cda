package dev.limpet.vertx.internal.backend;

import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A TCP socket that can be checked for unread data and for the end of the connection. */
final class BackendSocket extends NioSocketChannel {
  private final ByteBuffer probe = ByteBuffer.allocate(1);

  /** The state of a peer since it was last read from; busy while that is going on. */
  enum State {
    SILENT,
    SPOKE,
    GONE,
    BUSY
  }

  /**
   * Returns what the peer has done that was not read yet. If it has sent data, one byte of it is
   * lost, so the socket can only be closed. Call this on the event loop.
   */
  State probe() {
    try {
      int read = isActive() ? javaChannel().read(probe.clear()) : -1;
      return (read == 0) ? State.SILENT : (read > 0) ? State.SPOKE : State.GONE;
    } catch (IOException reset) {
      return State.GONE;
    }
  }

  /** Reads what has arrived, as the event loop would do. Call this on the event loop. */
  void readNow() {
    if (isActive()) {
      unsafe().read();
    }
  }
}
