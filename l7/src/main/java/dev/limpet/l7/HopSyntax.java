package dev.limpet.l7;

import dev.limpet.core.internal.HttpToken;
import dev.limpet.core.internal.IpLiteral;
import org.jspecify.annotations.Nullable;

/** The grammar of a field that lists the addresses which a request came from. */
enum HopSyntax {
  /** Addresses with commas between them, each with an optional port. */
  X_FORWARDED_FOR("X-Forwarded-For") {
    @Override
    int start(String text, int end, int limit) {
      int i = end;
      while (i > limit && text.charAt(i - 1) != ',') {
        i--;
      }
      return (i > limit || limit == 0) ? i : NONE;
    }

    @Override
    byte @Nullable [] address(String text, int from, int to) {
      int start = CookiePair.skipBlanks(text, from, to);
      return node(text, start, CookiePair.dropBlanks(text, start, to), false);
    }
  },

  /** Elements of pairs, one of which may be {@code for=} an address (RFC 7239, section 4). */
  FORWARDED("Forwarded") {
    @Override
    int start(String text, int end, int limit) {
      int i = end;
      while (i > limit && text.charAt(i - 1) != ',') {
        i = (text.charAt(i - 1) == '"') ? openingQuote(text, i - 1, limit) : i - 1;
        if (i == NONE) {
          return NONE;
        }
      }
      return (i > limit || limit == 0) ? i : NONE;
    }

    @Override
    byte @Nullable [] address(String text, int from, int to) {
      String node = new ForwardedElement(text, from, to).node();
      return (node == null) ? null : node(node, 0, node.length(), true);
    }
  };

  /*
   * Both grammars are read from the right, because only the right end was written by a proxy that
   * is trusted. A client may send anything, for example a quote that is never closed, but cannot
   * change how the elements to its right are read.
   *
   * From the right, the first quote of an element closes a quoted string. The string begins at the
   * next quote that has an even number of backslashes before it. Whether the element is well-formed
   * is decided when it is read from the left.
   */

  /** The result if an element does not begin within the limit. */
  static final int NONE = -1;

  private static final int MAX_PORT = 0xFFFF;
  private static final int MAX_PORT_DIGITS = 5;

  private final String field;

  HopSyntax(String field) {
    this.field = field;
  }

  String field() {
    return field;
  }

  /**
   * {@return the index of the first character of the element that ends at an index; NONE if it does
   * not begin within the limit}
   *
   * @param limit the index of the first character that may be read
   */
  abstract int start(String text, int end, int limit);

  /** {@return the address of an element; null if it has none, or is malformed} */
  abstract byte @Nullable [] address(String text, int from, int to);

  private static int openingQuote(String text, int closing, int limit) {
    int i = closing - 1;
    while (i >= limit) {
      if (text.charAt(i) == '"') {
        int backslashes = backslashesBefore(text, i, limit);
        if (backslashes % 2 == 0) {
          return i;
        }
        i -= backslashes;
      }
      i--;
    }
    return NONE;
  }

  private static int backslashesBefore(String text, int index, int limit) {
    int i = index;
    while (i > limit && text.charAt(i - 1) == '\\') {
      i--;
    }
    return index - i;
  }

  /**
   * {@return the address of a node: an IPv4 address or an IPv6 address in brackets, with an
   * optional port, or an IPv6 address alone}
   *
   * @param obfuscated whether the port may be a name (RFC 7239, section 6.3)
   */
  private static byte @Nullable [] node(String text, int from, int to, boolean obfuscated) {
    if (from < to && text.charAt(from) == '[') {
      int bracket = index(text, ']', from, to);
      boolean ipv6 = index(text, ':', from, bracket) < bracket;
      return (ipv6 && bracket < to && isPort(text, bracket + 1, to, obfuscated))
          ? IpLiteral.bytes(text, from + 1, bracket)
          : null;
    }
    int colon = index(text, ':', from, to);
    boolean single = colon < to && index(text, ':', colon + 1, to) == to;
    if (!single) {
      return IpLiteral.bytes(text, from, to);
    }
    return isPort(text, colon, to, obfuscated) ? IpLiteral.bytes(text, from, colon) : null;
  }

  /** {@return the index of a character in a part of a text; the end of the part if it has none} */
  private static int index(String text, char mark, int from, int to) {
    int i = from;
    while (i < to && text.charAt(i) != mark) {
      i++;
    }
    return i;
  }

  /** Returns whether a text is empty, or a colon and a port. */
  private static boolean isPort(String text, int from, int to, boolean obfuscated) {
    if (from == to) {
      return true;
    }
    return text.charAt(from) == ':'
        && (isNumber(text, from + 1, to) || (obfuscated && isObfuscated(text, from + 1, to)));
  }

  private static boolean isNumber(String text, int from, int to) {
    int port = 0;
    for (int i = from; i < to && to - from <= MAX_PORT_DIGITS; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
      port = port * 10 + c - '0';
    }
    return from < to && to - from <= MAX_PORT_DIGITS && port <= MAX_PORT;
  }

  private static boolean isObfuscated(String text, int from, int to) {
    boolean legal = to - from > 1 && text.charAt(from) == '_';
    for (int i = from; legal && i < to; i++) {
      char c = text.charAt(i);
      legal = HttpToken.isAlphanumeric(c) || "._-".indexOf(c) >= 0;
    }
    return legal;
  }
}
