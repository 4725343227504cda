package dev.limpet.l7;

/**
 * Finds the values of the path parameters with one name in the target of a request, one after the
 * other. A value begins after {@code ;name=} and ends at the next {@code ;}, {@code /} or {@code
 * ?}, as in mod_jk. The query is not read. Nothing is decoded.
 */
final class PathParameter {
  /*
   * The position of a value is one number, so that a walk over the values allocates nothing: its
   * start in the high half, its end in the low half. The next search continues at that end.
   */

  /**
   * The maximum number of characters of a target that are read; a parameter that does not end
   * before is ignored.
   */
  static final int SCAN_LIMIT = CookieScan.SCAN_LIMIT;

  /** The position before the first value. */
  static final long START = 0;

  /** The result if there is no further value. */
  static final long NONE = -1;

  private PathParameter() {}

  /**
   * {@return the position of the value after another, or after {@link #START}; {@link #NONE}
   * if no other follows}
   */
  static long next(String target, String name, long after) {
    int limit = Math.min(target.length(), SCAN_LIMIT);
    for (int i = to(after); i < limit && target.charAt(i) != '?'; i++) {
      if (target.charAt(i) == ';' && isNamed(target, i + 1, name)) {
        int from = i + 1 + name.length() + 1;
        int to = end(target, from, limit);
        return isWhole(target, to) ? (long) from << Integer.SIZE | to : NONE;
      }
    }
    return NONE;
  }

  /** {@return the index of the value's first character} */
  static int from(long at) {
    return (int) (at >>> Integer.SIZE);
  }

  /** {@return the index after the value's last character} */
  static int to(long at) {
    return (int) at;
  }

  private static boolean isNamed(String target, int from, String name) {
    int sign = from + name.length();
    return sign < target.length() && target.startsWith(name, from) && target.charAt(sign) == '=';
  }

  private static int end(String target, int from, int limit) {
    int to = from;
    while (to < limit && !isEnd(target.charAt(to))) {
      to++;
    }
    return to;
  }

  private static boolean isWhole(String target, int to) {
    return to == target.length() || (to < target.length() && isEnd(target.charAt(to)));
  }

  private static boolean isEnd(char c) {
    return c == ';' || c == '/' || c == '?';
  }
}
