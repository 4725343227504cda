package dev.limpet.vertx.internal.net;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The result of reading the first bytes of a connection as a PROXY header of version 1 or 2. */
sealed interface ProxyReading {

  /** Not a complete header. */
  enum Partial implements ProxyReading {
    /** The beginning of a header: more bytes are needed. */
    INCOMPLETE,
    /** Not the beginning of an acceptable header, whatever follows. */
    REFUSED
  }

  /**
   * A header.
   *
   * @param length the number of its bytes
   * @param proxied the connection that it describes, or null if it describes none, so that the
   *     sender is the client
   */
  record Header(int length, @Nullable Proxied proxied) implements ProxyReading {}

  /**
   * A TCP connection that the sender passes on.
   *
   * @param client the client's address; an IPv4-mapped IPv6 address stays one
   * @param server the server's address, likewise
   */
  record Proxied(InetSocketAddress client, InetSocketAddress server) {}

  /** Reads the bytes that have arrived so far, without consuming them. */
  static ProxyReading of(ByteBuf bytes) {
    boolean binary = bytes.isReadable() && bytes.getByte(bytes.readerIndex()) == '\r';
    return binary ? ProxyBlock.read(bytes) : ProxyLine.read(bytes);
  }
}
