package dev.limpet.l7;

/**
 * The grammar of a pair {@code name=value}, which is the same in the fields Cookie and Set-Cookie.
 */
final class CookiePair {
  /*
   * Browsers, servers and proxies disagree about quotes, commas and white space, and such
   * disagreements have been used to hide cookies from one of them. So there is one rule, that of
   * RFC 6265bis: a semicolon always ends a pair; the name ends at the first '='; spaces and tabs
   * around the name and the value are ignored; every other octet stands for itself.
   */

  private CookiePair() {}

  /** {@return the end of the pair that starts at an index: the next semicolon, or the limit} */
  static int end(String field, int from, int limit) {
    int semicolon = field.indexOf(';', from);
    return (semicolon < 0 || semicolon > limit) ? limit : semicolon;
  }

  /**
   * {@return the index of the '=' that ends the name, or -1 if the pair has no name or another
   * name}
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

  /** Returns whether a value begins and ends with a quotation mark. */
  static boolean isQuoted(String text, int from, int to) {
    return to - from > 1 && text.charAt(from) == '"' && text.charAt(to - 1) == '"';
  }

  static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
