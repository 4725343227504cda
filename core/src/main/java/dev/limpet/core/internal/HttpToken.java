package dev.limpet.core.internal;

/**
 * Checks tokens of HTTP (RFC 9110, section 5.6.2). The name of a cookie must be one (RFC 6265,
 * section 4.1.1).
 */
public final class HttpToken {
  private static final String MARKS = "!#$%&'*+-.^_`|~";

  private HttpToken() {}

  /** {@return the index of the first character that is not allowed in a token, or -1} */
  public static int firstIllegal(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isLegal(text.charAt(i))) {
        return i;
      }
    }
    return -1;
  }

  public static String rule(String text) {
    int at = firstIllegal(text);
    return "an RFC 6265 token"
        + (at < 0 ? "" : "; '" + shown(text.charAt(at)) + "' at index " + at);
  }

  /** {@return the text in quotes, with all characters escaped that are not printable ASCII} */
  public static String quoted(String text) {
    StringBuilder shown = new StringBuilder("\"");
    text.chars().forEach(c -> shown.append(shown(c)));
    return shown.append('"').toString();
  }

  /** {@return the character, or its escape sequence if it is not printable ASCII} */
  public static String shown(int c) {
    return (c >= ' ' && c <= '~') ? String.valueOf((char) c) : String.format("\\u%04x", c);
  }

  /** Returns whether a character is an ASCII letter or digit. */
  public static boolean isAlphanumeric(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  /** {@return whether a character is allowed in a token} */
  public static boolean isLegal(int c) {
    return isAlphanumeric(c) || MARKS.indexOf(c) >= 0;
  }
}
