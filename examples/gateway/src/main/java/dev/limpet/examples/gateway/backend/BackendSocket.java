package dev.limpet.examples.gateway.backend;

import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A TCP socket that can be asked whether its peer has said anything, or is gone. */
final class BackendSocket extends NioSocketChannel {
  private final ByteBuffer probe = ByteBuffer.allocate(1);

  /** What a peer did since it was last heard. */
  enum State {
    SILENT,
    SPOKE,
    GONE
  }

  /**
   * Returns what the peer did that was not read yet. If it spoke, a byte is lost, so the socket can
   * only be closed. Call this on the event loop.
   */
  State probe() {
    try {
      int read = isActive() ? javaChannel().read(probe.clear()) : -1;
      return (read == 0) ? State.SILENT : (read > 0) ? State.SPOKE : State.GONE;
    } catch (IOException reset) {
      return State.GONE;
    }
  }
}
