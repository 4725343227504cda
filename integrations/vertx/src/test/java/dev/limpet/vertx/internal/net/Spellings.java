package dev.limpet.vertx.internal.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Addresses, and the ways to write one that RFC 4291 allows. */
final class Spellings {
  private static final List<String> FORMS = List.of("%x", "%X", "%04x", "%04X", "%02x");

  private Spellings() {}

  /**
   * The 4 or 16 bytes of an address, an IPv6 address often with runs of zeros, mapped or
   * compatible.
   */
  static byte[] address(Random random) {
    byte[] bytes = new byte[random.nextInt(3) == 0 ? 4 : 16];
    random.nextBytes(bytes);
    if (bytes.length == 4) {
      return bytes;
    }
    for (int group = 0; group < 8; group++) {
      int kind = random.nextInt(4);
      if (kind > 0) {
        bytes[2 * group] = 0;
      }
      if (kind > 1) {
        bytes[2 * group + 1] = 0;
      }
    }
    if (random.nextInt(4) == 0) {
      byte filling = (byte) -random.nextInt(2);
      for (int i = 0; i < 12; i++) {
        bytes[i] = (i < 10) ? 0 : filling;
      }
    }
    return bytes;
  }

  /** One of the spellings of an address. */
  static String of(byte[] address, Random random) {
    return (address.length == 4) ? ipv4(address, 0) : ipv6(address, random);
  }

  private static String ipv4(byte[] bytes, int from) {
    return (bytes[from] & 0xFF)
        + "." + (bytes[from + 1] & 0xFF)
        + "." + (bytes[from + 2] & 0xFF)
        + "." + (bytes[from + 3] & 0xFF);
  }

  private static String ipv6(byte[] bytes, Random random) {
    List<String> groups = new ArrayList<>();
    boolean dotted = random.nextInt(3) == 0;
    for (int i = 0; i < (dotted ? 12 : 16); i += 2) {
      groups.add(String.format(
          FORMS.get(random.nextInt(FORMS.size())), (bytes[i] & 0xFF) << 8 | (bytes[i + 1] & 0xFF)));
    }
    if (dotted) {
      groups.add(ipv4(bytes, 12));
    }
    int from = random.nextInt(groups.size());
    int to = from;
    while (to < groups.size() && groups.get(to).matches("0+") && random.nextInt(9) > 0) {
      to++;
    }
    return (from == to)
        ? String.join(":", groups)
        : String.join(":", groups.subList(0, from))
            + "::"
            + String.join(":", groups.subList(to, groups.size()));
  }
}
