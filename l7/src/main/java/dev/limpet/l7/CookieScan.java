package dev.limpet.l7;

import java.util.List;

/**
 * Finds the values of the cookies with one name in the Cookie fields of a request, one after the
 * other. Other cookies cost no memory, and each character is read once or twice.
 */
final class CookieScan {
  /*
   * The position of a value is one number, so that a walk over the values allocates nothing,
   * whatever the compiler does: 4 bits count the values found so far, 19 bits are the field's
   * index, and 20 bits each are the start and the end of the value in the field. The next search
   * continues at that end.
   */

  /**
   * The maximum number of characters of a field that are read; a cookie that does not end before is
   * ignored.
   */
  static final int SCAN_LIMIT = 64 * 1024;

  /** The maximum number of cookies with the name that are considered. */
  static final int MAX_VALUES = 8;

  /** The maximum number of fields that are read. */
  static final int MAX_FIELDS = 1 << 19;

  /** The position before the first value. */
  static final long START = 0;

  /** The result if there is no further value. */
  static final long NONE = -1;

  private static final int OFFSET_BITS = 20;
  private static final int INDEX_BITS = Integer.numberOfTrailingZeros(MAX_FIELDS);

  private CookieScan() {}

  /**
   * {@return the position of the value after another, or after {@link #START}; {@link #NONE}
   * if no other follows}
   */
  static long next(List<String> fields, String name, long after) {
    long found = found(after);
    int offset = to(after);
    int end = Math.min(fields.size(), MAX_FIELDS);
    for (int i = index(after); i < end && found < MAX_VALUES; i++) {
      long range = range(fields.get(i), name, offset);
      if (range != NONE) {
        return ((found + 1) << INDEX_BITS | i) << (2 * OFFSET_BITS) | range;
      }
      offset = 0;
    }
    return NONE;
  }

  /** {@return the position of the next value that is not empty; {@link #NONE} without one} */
  static long nextNotEmpty(List<String> fields, String name, long after) {
    long at = next(fields, name, after);
    while (at != NONE && from(at) == to(at)) {
      at = next(fields, name, at);
    }
    return at;
  }

  /** {@return the field that the value is in} */
  static String field(List<String> fields, long at) {
    return fields.get(index(at));
  }

  /** {@return the index of the value's first character in its field} */
  static int from(long at) {
    return (int) (at >>> OFFSET_BITS) & ((1 << OFFSET_BITS) - 1);
  }

  /** {@return the index after the value's last character in its field} */
  static int to(long at) {
    return (int) at & ((1 << OFFSET_BITS) - 1);
  }

  /** {@return the index of the value's first character in its field, without quotes around it} */
  static int unquotedFrom(String field, long at) {
    return from(at) + quotes(field, at);
  }

  /** {@return the index after the value's last character in its field, without quotes around it} */
  static int unquotedTo(String field, long at) {
    return to(at) - quotes(field, at);
  }

  private static int quotes(String field, long at) {
    return CookiePair.isQuoted(field, from(at), to(at)) ? 1 : 0;
  }

  /** {@return the index of the field that the value is in} */
  static int index(long at) {
    return (int) (at >>> (2 * OFFSET_BITS)) & ((1 << INDEX_BITS) - 1);
  }

  private static long found(long at) {
    return at >>> (2 * OFFSET_BITS + INDEX_BITS);
  }

  private static long range(String field, String name, int offset) {
    int limit = Math.min(field.length(), SCAN_LIMIT);
    int end;
    for (int start = offset; start <= limit; start = end + 1) {
      end = CookiePair.end(field, start, limit);
      int sign = CookiePair.equalsSign(field, start, end, name);
      if (sign >= 0 && isWhole(field, end)) {
        int from = CookiePair.skipBlanks(field, sign + 1, end);
        return (long) from << OFFSET_BITS | CookiePair.dropBlanks(field, from, end);
      }
    }
    return NONE;
  }

  private static boolean isWhole(String field, int end) {
    return end == field.length() || field.charAt(end) == ';';
  }
}
