package dev.limpet.examples.gateway.backend;

import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A TCP socket that can be asked whether its peer has said anything, or gone. */
final class BackendSocket extends NioSocketChannel {
  private final ByteBuffer probe = ByteBuffer.allocate(1);

  /**
   * Returns whether the peer keeps the connection open and has sent nothing that was not read. Reads a byte if there
   * is one, so a socket that is not silent can only be closed. Call this on the event loop.
   */
  boolean isSilent() {
    try {
      return isActive() && javaChannel().read(probe.clear()) == 0;
    } catch (IOException reset) {
      return false;
    }
  }
}
