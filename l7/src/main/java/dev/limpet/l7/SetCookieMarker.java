package dev.limpet.l7;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes the values that Set-Cookie fields give to one cookie, and keeps every other octet. Fields
 * that delete the cookie, and those of other cookies, are not changed. Safe for use by many threads
 * at once.
 */
final class SetCookieMarker {

  /**
   * The maximum length of a cookie's name and value together. Browsers drop longer cookies (RFC
   * 6265bis, section 5.7).
   */
  static final int MAX_PAIR = 4096;

  private final String name;
  private final InstantSource clock;
  private final ResponseCounts counts;

  SetCookieMarker(String name, InstantSource clock, ResponseCounts counts) {
    this.name = name;
    this.clock = clock;
    this.counts = counts;
  }

  /** Makes the marked value of a cookie. */
  interface Mark {
    /** {@return the new value for a part of a text; null to leave it} */
    @Nullable
    String marked(String text, int from, int to);
  }

  /**
   * {@return the fields with marked values; the same list if there is nothing to mark}
   *
   * @param mark makes the new value; gets the value without its quotes
   */
  List<String> mark(List<String> fields, Mark mark) {
    List<String> all = null;
    for (int i = 0; i < fields.size(); i++) {
      String marked = mark(fields.get(i), mark);
      if (marked != null) {
        all = (all == null) ? new ArrayList<>(fields) : all;
        all.set(i, marked);
      }
    }
    return (all == null) ? fields : all;
  }

  private @Nullable String mark(String field, Mark mark) {
    SetCookieField parsed = SetCookieField.parse(field, name);
    return (parsed == null || parsed.isDeletion(now())) ? null : markValue(field, mark);
  }

  private @Nullable String markValue(String field, Mark mark) {
    int end = CookiePair.end(field, 0, field.length());
    int sign = CookiePair.equalsSign(field, 0, end, name);
    int from = CookiePair.skipBlanks(field, sign + 1, end);
    int to = CookiePair.dropBlanks(field, from, end);
    int quotes = CookiePair.isQuoted(field, from, to) ? 1 : 0;
    String value = mark.marked(field, from + quotes, to - quotes);
    if (value == null) {
      return null;
    }
    if (name.length() + value.length() + 2 * quotes > MAX_PAIR) {
      counts.unmarked.increment();
      return null;
    }
    counts.marked.increment();
    return field.substring(0, from + quotes) + value + field.substring(to - quotes);
  }

  private Instant now() {
    return clock.instant();
  }
}
