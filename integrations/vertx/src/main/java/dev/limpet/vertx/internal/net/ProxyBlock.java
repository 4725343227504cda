package dev.limpet.vertx.internal.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.limpet.vertx.internal.net.ProxyReading.Header;
import dev.limpet.vertx.internal.net.ProxyReading.Partial;
import dev.limpet.vertx.internal.net.ProxyReading.Proxied;
import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads version 2 of the PROXY protocol: a block of bytes, as in section 2.2 of its specification.
 */
final class ProxyBlock {
  /*
   * With the command LOCAL, or PROXY with an unspecified family, the sender is the client, and the
   * rest of the block must be ignored. UDP and UNIX datagrams are rejected, because they cannot
   * describe a TCP connection.
   */

  static final int MAX_BYTES = 4 * 1024;

  private static final Pattern HEAD = Pattern.compile(
      "\r\n\r\n\0\r\nQUIT\n(?:\\x20.|\\x21([\\x00\\x11\\x21\\x31]))..", Pattern.DOTALL);
  private static final int HEAD_BYTES = 16;
  private static final int LENGTH_AT = 14;

  private ProxyBlock() {}

  private enum Family {
    IGNORED(0, 0),
    TCP4(4, 12),
    TCP6(16, 36),
    UNIX(108, 216);

    private final int addressBytes;
    private final int bytes;

    Family(int addressBytes, int bytes) {
      this.addressBytes = addressBytes;
      this.bytes = bytes;
    }

    static Family of(Matcher head) {
      String family = head.group(1);
      if (family == null) {
        return IGNORED;
      }
      return switch (family.charAt(0)) {
        case 0x11 -> TCP4;
        case 0x21 -> TCP6;
        case 0x31 -> UNIX;
        default -> IGNORED;
      };
    }
  }

  @SuppressWarnings("JdkObsolete") // hitEnd tells whether more bytes could make it match
  static ProxyReading read(ByteBuf bytes) {
    int start = bytes.readerIndex();
    int seen = Math.min(bytes.readableBytes(), HEAD_BYTES);
    Matcher head = HEAD.matcher(bytes.toString(start, seen, ISO_8859_1));
    if (!head.lookingAt()) {
      return head.hitEnd() ? Partial.INCOMPLETE : Partial.REFUSED;
    }
    int length = bytes.getUnsignedShort(start + LENGTH_AT);
    Family family = Family.of(head);
    if (length < family.bytes || HEAD_BYTES + length > MAX_BYTES) {
      return Partial.REFUSED;
    }
    return (bytes.readableBytes() < HEAD_BYTES + length)
        ? Partial.INCOMPLETE
        : whole(family, bytes.slice(start + HEAD_BYTES, length));
  }

  private static ProxyReading whole(Family family, ByteBuf block) {
    int length = HEAD_BYTES + block.readableBytes();
    if (family == Family.IGNORED) {
      return new Header(length, null);
    }
    ByteBuf addresses = block.readSlice(family.bytes);
    if (!ProxyTlvs.areWhole(block)) {
      return Partial.REFUSED;
    }
    return new Header(length, (family == Family.UNIX) ? null : proxied(family, addresses));
  }

  private static Proxied proxied(Family family, ByteBuf block) {
    InetAddress client = address(family, block);
    InetAddress server = address(family, block);
    return new Proxied(
        new InetSocketAddress(client, block.readUnsignedShort()),
        new InetSocketAddress(server, block.readUnsignedShort()));
  }

  private static InetAddress address(Family family, ByteBuf block) {
    byte[] bytes = new byte[family.addressBytes];
    block.readBytes(bytes);
    return Addresses.literally(bytes);
  }
}
