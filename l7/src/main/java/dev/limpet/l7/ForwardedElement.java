package dev.limpet.l7;

import dev.limpet.core.internal.HttpToken;
import org.jspecify.annotations.Nullable;

/** Reads one element of a Forwarded field from the left (RFC 7239, section 4). For one thread. */
final class ForwardedElement {
  /*
   * Spaces and tabs are also accepted around semicolons, where some proxies write them. A name may
   * occur only once, so an element with two of "for" is malformed: two readers could choose
   * different ones.
   */

  private static final String FOR = "for";

  private final String text;
  private final int to;
  private int at;
  private @Nullable String node;

  ForwardedElement(String text, int from, int to) {
    this.text = text;
    this.to = to;
    this.at = from;
  }

  /** {@return the value of {@code for}, without quotes; null if it is absent or malformed} */
  @Nullable
  String node() {
    boolean more = true;
    while (more) {
      skipBlanks();
      if (at < to && text.charAt(at) != ';' && !readPair()) {
        return null;
      }
      skipBlanks();
      more = at < to;
      if (more && text.charAt(at++) != ';') {
        return null;
      }
    }
    return node;
  }

  /** Reads a name, an equals sign and a value. Returns false if they are malformed. */
  private boolean readPair() {
    int start = at;
    skipToken();
    boolean isFor = at - start == FOR.length() && text.regionMatches(true, start, FOR, 0, 3);
    if (at == start || at == to || text.charAt(at++) != '=') {
      return false;
    }
    String value = (at < to && text.charAt(at) == '"') ? quoted(isFor) : token(isFor);
    if (value == null || (isFor && node != null)) {
      return false;
    }
    node = isFor ? value : node;
    return true;
  }

  private @Nullable String token(boolean wanted) {
    int start = at;
    skipToken();
    return (at == start) ? null : wanted ? text.substring(start, at) : "";
  }

  /** {@return a quoted string without its quotes and escapes; null if it is malformed} */
  private @Nullable String quoted(boolean wanted) {
    StringBuilder value = new StringBuilder();
    at++;
    while (at < to && text.charAt(at) != '"') {
      if (text.charAt(at) == '\\') {
        at++;
      }
      if (at == to || !isQuotable(text.charAt(at))) {
        return null;
      }
      if (wanted) {
        value.append(text.charAt(at));
      }
      at++;
    }
    return (at++ < to) ? value.toString() : null;
  }

  private static boolean isQuotable(char c) {
    return c == '\t' || (c >= ' ' && c != 0x7F);
  }

  private void skipToken() {
    while (at < to && HttpToken.isLegal(text.charAt(at))) {
      at++;
    }
  }

  private void skipBlanks() {
    at = CookiePair.skipBlanks(text, at, to);
  }
}
