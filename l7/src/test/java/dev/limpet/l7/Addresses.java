package dev.limpet.l7;

import dev.limpet.core.internal.IpLiteral;
import java.net.InetAddress;
import java.util.Objects;

/** Addresses of tests. */
final class Addresses {
  private Addresses() {}

  static InetAddress of(String text) {
    return IpLiteral.address(Objects.requireNonNull(IpLiteral.bytes(text, 0, text.length()), text));
  }
}
