package dev.limpet.l7;

/** The grammar that a pair {@code name=value} has in the fields Cookie and Set-Cookie alike. */
final class CookiePair {
  /*
   * Browsers, servers and proxies disagree about quotes, commas and white space, and each
   * disagreement has been a way to hide a cookie from one of them. So there is one rule, that of
   * RFC 6265bis: a semicolon ends a pair and nothing hides it; the name ends at the first '=';
   * spaces and tabs around name and value do not count; every other octet stands for itself.
   */

  private CookiePair() {}

  /** {@return where the pair that starts here ends: at the next semicolon, or at the limit} */
  static int end(String field, int from, int limit) {
    int semicolon = field.indexOf(';', from);
    return (semicolon < 0 || semicolon > limit) ? limit : semicolon;
  }

  /**
   * {@return the index of the '=' that ends the name, or -1 if the pair has no name or another one}
   */
  static int equalsSign(String field, int from, int to, String name) {
    int start = skipBlanks(field, from, to);
    int after = start + name.length();
    if (after >= to || !field.startsWith(name, start)) {
      return -1;
    }
    int sign = skipBlanks(field, after, to);
    return (sign < to && field.charAt(sign) == '=') ? sign : -1;
  }

  static int skipBlanks(String text, int from, int to) {
    int i = from;
    while (i < to && isBlank(text.charAt(i))) {
      i++;
    }
    return i;
  }

  static int dropBlanks(String text, int from, int to) {
    int i = to;
    while (i > from && isBlank(text.charAt(i - 1))) {
      i--;
    }
    return i;
  }

  static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
