package dev.limpet.l7;

import java.util.List;

/**
 * Finds the values of the cookies of one name in the Cookie fields of a request, one after the
 * other. Foreign cookies cost no memory, and every character is looked at once or twice.
 */
final class CookieScan {
  /*
   * Where a value stands is one number, so that walking over them allocates nothing, whatever the
   * compiler makes of the walk: 4 bits count the values found so far, 19 bits are the field's
   * index, 20 bits each the value's beginning and end in it. The next search goes on at that end.
   */

  /** How many characters of a field are read; cookies that do not end before are not seen. */
  static final int SCAN_LIMIT = 64 * 1024;

  /** How many cookies of the name are looked at. */
  static final int MAX_VALUES = 8;

  /** How many fields are looked at. */
  static final int MAX_FIELDS = 1 << 19;

  /** Before the first value. */
  static final long START = 0;

  /** There is no further value. */
  static final long NONE = -1;

  private static final int OFFSET_BITS = 20;
  private static final int INDEX_BITS = Integer.numberOfTrailingZeros(MAX_FIELDS);

  private CookieScan() {}

  /**
   * {@return where the value after another, or {@link #START}, stands; {@link #NONE} if there is
   * none}
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

  /** {@return where the next value that is not empty stands} */
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

  /** {@return the index in its field of the value's first character} */
  static int from(long at) {
    return (int) (at >>> OFFSET_BITS) & ((1 << OFFSET_BITS) - 1);
  }

  /** {@return the index in its field after the value's last character} */
  static int to(long at) {
    return (int) at & ((1 << OFFSET_BITS) - 1);
  }

  private static int index(long at) {
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
