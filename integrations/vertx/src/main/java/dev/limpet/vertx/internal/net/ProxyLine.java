package dev.limpet.vertx.internal.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.limpet.core.internal.IpLiteral;
import dev.limpet.vertx.internal.net.ProxyReading.Header;
import dev.limpet.vertx.internal.net.ProxyReading.Partial;
import dev.limpet.vertx.internal.net.ProxyReading.Proxied;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads version 1 of the PROXY protocol: a line of text, as in section 2.1 of its specification.
 */
final class ProxyLine {
  private static final int MAX_BYTES = 107;
  private static final int MAX_PORT = 65_535;
  private static final String ADDRESS = " ([0-9A-Fa-f:.]+)";
  private static final String PORT = " (0|[1-9][0-9]{0,4})";
  private static final Pattern LINE = Pattern.compile(
      "PROXY (?:UNKNOWN(?: .*?)?|(TCP4|TCP6)" + ADDRESS + ADDRESS + PORT + PORT + ")\r\n",
      Pattern.DOTALL);

  private ProxyLine() {}

  @SuppressWarnings("JdkObsolete") // hitEnd tells whether more bytes could make it match
  static ProxyReading read(ByteBuf bytes) {
    int seen = Math.min(bytes.readableBytes(), MAX_BYTES);
    Matcher line = LINE.matcher(bytes.toString(bytes.readerIndex(), seen, ISO_8859_1));
    if (line.lookingAt()) {
      return (line.group(1) == null) ? new Header(line.end(), null) : proxied(line);
    }
    return (line.hitEnd() && seen < MAX_BYTES) ? Partial.INCOMPLETE : Partial.REFUSED;
  }

  private static ProxyReading proxied(Matcher line) {
    int addressBytes = line.group(1).equals("TCP4") ? 4 : 16;
    InetSocketAddress client = end(line.group(2), line.group(4), addressBytes);
    InetSocketAddress server = end(line.group(3), line.group(5), addressBytes);
    return (client == null || server == null)
        ? Partial.REFUSED
        : new Header(line.end(), new Proxied(client, server));
  }

  private static @Nullable InetSocketAddress end(String address, String digits, int addressBytes) {
    byte[] bytes = IpLiteral.exactBytes(address);
    int port = Integer.parseInt(digits);
    return (bytes == null || bytes.length != addressBytes || port > MAX_PORT)
        ? null
        : new InetSocketAddress(Addresses.literally(bytes), port);
  }
}
