package dev.limpet.core.golden;

import dev.limpet.core.Environment;
import dev.limpet.core.KeyHasher;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.List;

/** The keys of sessions, and the secrets that are derived from an environment's. */
final class GoldenKeys {
  private static final Environment ENVIRONMENT = Environment.of(GoldenTable.SECRET);
  private static final HexFormat HEX = HexFormat.of();

  private GoldenKeys() {}

  static List<String> lines() {
    KeyHasher hasher = ENVIRONMENT.hasher();
    return List.of(
        line("text, empty", hasher.string("")),
        line("text, session-1", hasher.string("session-1")),
        line("text, \u00E9\uD83D\uDC1A", hasher.string("\u00E9\uD83D\uDC1A")),
        line("address, 192.0.2.1", hasher.address(address("192.0.2.1"))),
        line("network, 192.0.2.0/24", hasher.address(address("192.0.2.1"), 24, 56)),
        line("address, 2001:db8::1", hasher.address(address("2001:db8::1"))),
        line("network, 2001:db8::/56", hasher.address(address("2001:db8::1"), 24, 56)),
        line("bytes, 0 to 9", hasher.bytes(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})),
        line("number, -1", hasher.number(-1)),
        line("derived hasher, session-1", hasher.derived("golden").string("session-1")),
        "derived secret = " + HEX.formatHex(ENVIRONMENT.secret("golden")));
  }

  private static String line(String input, long key) {
    return input + " = " + HEX.toHexDigits(key);
  }

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
