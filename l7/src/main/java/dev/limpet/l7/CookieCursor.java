package dev.limpet.l7;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the values of the cookies of one name in the Cookie fields of a request. For one thread.
 * Foreign cookies cost no memory, and every character is looked at once or twice.
 */
final class CookieCursor {

  /** How many characters of a field are read; cookies that do not end before are not seen. */
  static final int SCAN_LIMIT = 64 * 1024;

  /** How many cookies of the name are looked at. */
  static final int MAX_CANDIDATES = 8;

  private final List<String> fields;
  private final String name;
  private int index;
  private int candidates;
  private String field = "";
  private int limit;
  private int next = 1;
  private int from;
  private int to;

  CookieCursor(List<String> fields, String name) {
    this.fields = fields;
    this.name = name;
  }

  /** Moves on to the next value, and returns whether there is one. */
  boolean next() {
    while (candidates < MAX_CANDIDATES && nextPair()) {
      int sign = CookiePair.equalsSign(field, from, to, name);
      if (sign >= 0) {
        from = CookiePair.skipBlanks(field, sign + 1, to);
        to = CookiePair.dropBlanks(field, from, to);
        candidates++;
        return true;
      }
    }
    return false;
  }

  /** {@return the value} */
  Slice value() {
    return new Slice(field, from, to);
  }

  /** {@return the value as a token, or null if it does not have the form of one} */
  @Nullable
  LbToken token() {
    return LbToken.decode(field, from, to);
  }

  private boolean nextPair() {
    while (nextFrom()) {
      to = CookiePair.end(field, from, limit);
      next = to + 1;
      if (to == field.length() || field.charAt(to) == ';') {
        return true;
      }
    }
    return false;
  }

  private boolean nextFrom() {
    while (next > limit) {
      if (index == fields.size()) {
        return false;
      }
      field = fields.get(index++);
      limit = Math.min(field.length(), SCAN_LIMIT);
      next = 0;
    }
    from = next;
    return true;
  }
}
