package dev.limpet.l7;

import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads and removes the prefixes of one cookie, with the keys at one moment. A prefix is a token
 * and {@code ~}, before the application's value and within its quotes. Safe for use by many threads
 * at once.
 *
 * @param cookie the cookie's name
 * @param ring reads the tokens
 * @param life the rules for their expiration
 */
record PrefixReader(String cookie, TokenRing ring, TokenLife life) {
  /*
   * Only a prefix whose token is genuine is one. Everything else may be the application's own
   * value, so it is neither routed by nor changed.
   *
   * Requests are routed by the same cookies that are stripped: at most the first eight of the name.
   */

  /** The character after the token; no token contains it. */
  static final char DELIMITER = '~';

  private static final int NOWHERE = -1;

  /** {@return the position of the next cookie of the name; {@link CookieScan#NONE} if none} */
  long next(List<String> cookies, long after) {
    return CookieScan.next(cookies, cookie, after);
  }

  /** {@return the token of the cookie at a position, valid or not; null if it is not genuine} */
  @Nullable
  LbToken token(List<String> cookies, long at, long now) {
    String field = CookieScan.field(cookies, at);
    int from = CookieScan.unquotedFrom(field, at);
    int end = end(field, from, CookieScan.unquotedTo(field, at));
    return (end == NOWHERE) ? null : ring.genuine(field, from, end, now);
  }

  /**
   * {@return the key of the application's value in the first cookie whose token is valid, or else
   * in the first one whose token is genuine}
   */
  long key(List<String> cookies, KeyHasher hasher) {
    long now = life.now();
    long late = CookieScan.NONE;
    for (long at = next(cookies, CookieScan.START); at != CookieScan.NONE; at = next(cookies, at)) {
      LbToken token = token(cookies, at, now);
      if (token != null && life.fault(token, now) == null) {
        return key(cookies, at, hasher);
      }
      late = (token != null && late == CookieScan.NONE) ? at : late;
    }
    return (late == CookieScan.NONE) ? KeyExtractor.NONE : key(cookies, late, hasher);
  }

  /** Returns whether a cookie has a prefix in the format of ours, genuine or not. */
  boolean hasForm(List<String> cookies) {
    for (long at = next(cookies, CookieScan.START); at != CookieScan.NONE; at = next(cookies, at)) {
      String field = CookieScan.field(cookies, at);
      int from = CookieScan.unquotedFrom(field, at);
      int end = end(field, from, CookieScan.unquotedTo(field, at));
      if (end != NOWHERE && TokenText.keyId(field, from, end) != TokenText.NONE) {
        return true;
      }
    }
    return false;
  }

  /** {@return the index of the application's value in a value that may have a prefix} */
  int valueStart(String text, int from, int to) {
    int end = end(text, from, to);
    boolean prefixed = end != NOWHERE && ring.genuine(text, from, end, life.now()) != null;
    return prefixed ? end + 1 : from;
  }

  /** {@return the Cookie fields without prefixes; the same list if there are none} */
  List<String> strip(List<String> fields) {
    long[] prefixed = new long[CookieScan.MAX_VALUES];
    int count = 0;
    long now = life.now();
    for (long at = next(fields, CookieScan.START); at != CookieScan.NONE; at = next(fields, at)) {
      if (token(fields, at, now) != null) {
        prefixed[count++] = at;
      }
    }
    return (count == 0) ? fields : strip(fields, prefixed, count);
  }

  /** Strips the last prefix first, so that the positions of the others stay right. */
  private static List<String> strip(List<String> fields, long[] prefixed, int count) {
    List<String> stripped = new ArrayList<>(fields);
    for (int i = count - 1; i >= 0; i--) {
      long at = prefixed[i];
      stripped.set(CookieScan.index(at), strip(stripped.get(CookieScan.index(at)), at));
    }
    return stripped;
  }

  private static String strip(String field, long at) {
    int from = CookieScan.unquotedFrom(field, at);
    int end = end(field, from, CookieScan.unquotedTo(field, at));
    return new StringBuilder(field).delete(from, end + 1).toString();
  }

  private static long key(List<String> cookies, long at, KeyHasher hasher) {
    String field = CookieScan.field(cookies, at);
    int to = CookieScan.unquotedTo(field, at);
    return hasher.string(field, end(field, CookieScan.unquotedFrom(field, at), to) + 1, to);
  }

  /** {@return the index of the delimiter after a token; negative if absent} */
  private static int end(String text, int from, int to) {
    int signed = from + TokenText.SIGNED_LENGTH;
    int encrypted = from + TokenText.ENCRYPTED_LENGTH;
    if (signed < to && text.charAt(signed) == DELIMITER) {
      return signed;
    }
    return (encrypted < to && text.charAt(encrypted) == DELIMITER) ? encrypted : NOWHERE;
  }
}
