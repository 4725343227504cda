package dev.limpet.examples.gateway.admin;

import dev.limpet.examples.gateway.config.IpLiteral;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the wrong tokens of each address, so that no client can try many. An IPv6 host has a whole
 * /64 of addresses, which count as one. For use by one thread. It knows at most 1024 addresses, and
 * forgets the one that it has known for the longest time.
 */
final class WrongTokens {
  static final int MAX_WRONG = 10;
  static final int MAX_ADDRESSES = 1024;

  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int NETWORK_BYTES = 8;

  private final LongSupplier nanos;
  private final Map<String, Tries> byAddress = new LinkedHashMap<>();

  /** Makes a count by a clock in nanoseconds. */
  WrongTokens(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** The wrong tokens of an address within a minute. */
  private record Tries(long since, int count) {}

  /** Records a wrong token. */
  void record(String address) {
    String network = network(address);
    Tries known = recent(network);
    byAddress.put(
        network,
        (known == null)
            ? new Tries(nanos.getAsLong(), 1)
            : new Tries(known.since(), known.count() + 1));
    if (byAddress.size() > MAX_ADDRESSES) {
      byAddress.remove(byAddress.keySet().iterator().next());
    }
  }

  /** Returns how long an address must wait before its next try; zero if it need not wait. */
  Duration delay(String address) {
    Tries known = recent(network(address));
    return (known == null || known.count() < MAX_WRONG)
        ? Duration.ZERO
        : WINDOW.minusNanos(nanos.getAsLong() - known.since());
  }

  int addresses() {
    return byAddress.size();
  }

  private static String network(String address) {
    InetAddress literal = IpLiteral.parse(address.replaceFirst("%.*", ""));
    return (literal instanceof Inet6Address ipv6)
        ? HexFormat.of().formatHex(ipv6.getAddress(), 0, NETWORK_BYTES)
        : address;
  }

  private @Nullable Tries recent(String network) {
    Tries known = byAddress.get(network);
    if (known != null && nanos.getAsLong() - known.since() >= WINDOW.toNanos()) {
      byAddress.remove(network);
      return null;
    }
    return known;
  }
}
