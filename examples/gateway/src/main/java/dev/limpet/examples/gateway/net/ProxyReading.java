package dev.limpet.examples.gateway.net;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** What the first bytes of a connection are, read as a PROXY header of version 1 or 2. */
sealed interface ProxyReading {

  /** Not a whole header. */
  enum Partial implements ProxyReading {
    /** The beginning of a header: more bytes are needed. */
    INCOMPLETE,
    /** Not the beginning of a header that is accepted, whatever follows. */
    REFUSED
  }

  /**
   * A header.
   *
   * @param length how many bytes it has
   * @param proxied the connection it describes, or null if it describes none: the sender is the
   *     client
   */
  record Header(int length, @Nullable Proxied proxied) implements ProxyReading {}

  /**
   * A TCP connection that is passed on.
   *
   * @param client its client's end; an IPv4-mapped IPv6 address stays one
   * @param server its server's end, likewise
   */
  record Proxied(InetSocketAddress client, InetSocketAddress server) {}

  /** Reads what has come so far, and leaves it where it is. */
  static ProxyReading of(ByteBuf bytes) {
    boolean binary = bytes.isReadable() && bytes.getByte(bytes.readerIndex()) == '\r';
    return binary ? ProxyBlock.read(bytes) : ProxyLine.read(bytes);
  }
}
