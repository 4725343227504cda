package dev.limpet.l7;

import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;
import dev.limpet.core.internal.PercentEncoding;
import java.nio.charset.StandardCharsets;

/** A parameter in the query or in the path of a request's target. Immutable. */
final class TargetParameter {
  /*
   * The octets of a value identify a session, and not the way in which they are escaped, because
   * clients and proxies escape differently. An escape that is not a percent sign and two
   * hexadecimal digits stands for itself. A text has one character for each octet, as the target
   * itself does, so a value without escapes is hashed where it is.
   */

  /** The maximum number of characters of a target that is searched. */
  static final int SCAN_LIMIT = 64 * 1024;

  private static final long ABSENT = -1;
  private static final int ESCAPE = 3;
  private static final int HEX_BITS = 4;
  private static final int HEXADECIMAL = 16;

  private final String name;
  private final boolean inQuery;

  private TargetParameter(String name, boolean inQuery) {
    this.name = name;
    this.inQuery = inQuery;
  }

  /** {@return a parameter of the query; its name is compared without escapes} */
  static TargetParameter ofQuery(String name) {
    byte[] octets = PercentEncoding.utf8(name);
    return new TargetParameter(new String(octets, StandardCharsets.ISO_8859_1), true);
  }

  /** {@return a parameter of any segment of the path; its name is compared as it is} */
  static TargetParameter ofPath(String name) {
    return new TargetParameter(name, false);
  }

  /** {@return the key of the first value in a target} */
  long key(String target, KeyHasher hasher, int maxLength) {
    if (target.length() > SCAN_LIMIT) {
      return KeyExtractor.UNUSABLE;
    }
    long range = inQuery ? inQuery(target) : inPath(target);
    return (range == ABSENT)
        ? KeyExtractor.NONE
        : key(target, (int) (range >> Integer.SIZE), (int) range, hasher, maxLength);
  }

  private long key(String target, int from, int to, KeyHasher hasher, int maxLength) {
    if (!isEscaped(target, from, to)) {
      return KeyText.key(target, from, to, hasher, maxLength);
    }
    StringBuilder octets = new StringBuilder(Math.min(to - from, maxLength + 1));
    for (int i = from; i < to && octets.length() <= maxLength; i = after(target, i, to)) {
      octets.append(octet(target, i, to));
    }
    return KeyText.key(octets, 0, octets.length(), hasher, maxLength);
  }

  private boolean isEscaped(String target, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = target.charAt(i);
      if (c == '%' || (c == '+' && inQuery)) {
        return true;
      }
    }
    return false;
  }

  /** {@return where the value begins and ends in the query} */
  private long inQuery(String target) {
    int limit = end(target, "#", 0, target.length());
    int start = end(target, "?", 0, limit) + 1;
    while (start <= limit) {
      int end = end(target, "&", start, limit);
      int after = afterName(target, start, end);
      if (after >= 0 && (after == end || target.charAt(after) == '=')) {
        return range(Math.min(after + 1, end), end);
      }
      start = end + 1;
    }
    return ABSENT;
  }

  /** {@return where the value begins and ends in the path} */
  private long inPath(String target) {
    int limit = end(target, "?#", 0, target.length());
    int start = end(target, ";", pathStart(target, limit), limit) + 1;
    while (start <= limit) {
      int end = end(target, ";/", start, limit);
      int after = start + name.length();
      if (after <= end
          && target.startsWith(name, start)
          && (after == end || target.charAt(after) == '=')) {
        return range(Math.min(after + 1, end), end);
      }
      start = end(target, ";", end, limit) + 1;
    }
    return ABSENT;
  }

  /** {@return where the path begins: after the authority, if there is one} */
  private static int pathStart(String target, int limit) {
    int slash = end(target, "/", 0, limit);
    boolean absolute =
        slash > 1 && target.charAt(slash - 1) == ':' && target.startsWith("//", slash);
    return absolute ? end(target, "/", slash + 2, limit) : 0;
  }

  /** {@return the index after the name that begins at an index; -1 if it is another name} */
  private int afterName(String target, int from, int to) {
    int at = from;
    for (int i = 0; i < name.length(); i++) {
      if (at >= to || octet(target, at, to) != name.charAt(i)) {
        return -1;
      }
      at = after(target, at, to);
    }
    return at;
  }

  private char octet(String text, int at, int to) {
    char c = text.charAt(at);
    if (isEscape(text, at, to)) {
      return (char) (hex(text.charAt(at + 1)) << HEX_BITS | hex(text.charAt(at + 2)));
    }
    return (c == '+' && inQuery) ? ' ' : c;
  }

  private static int after(String text, int at, int to) {
    return isEscape(text, at, to) ? at + ESCAPE : at + 1;
  }

  private static boolean isEscape(String text, int at, int to) {
    return text.charAt(at) == '%'
        && at + 2 < to
        && hex(text.charAt(at + 1)) >= 0
        && hex(text.charAt(at + 2)) >= 0;
  }

  private static int hex(char c) {
    return (c < 0x80) ? Character.digit(c, HEXADECIMAL) : -1;
  }

  /** {@return the index of the first of some characters in a part of a text, or the part's end} */
  private static int end(String text, String marks, int from, int to) {
    int i = from;
    while (i < to && marks.indexOf(text.charAt(i)) < 0) {
      i++;
    }
    return i;
  }

  private static long range(int from, int to) {
    return (long) from << Integer.SIZE | to;
  }
}
