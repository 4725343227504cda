package dev.limpet.l7;

import dev.limpet.core.KeyHasher;
import java.util.List;

/** A cookie of the application. Its values are used only as keys of a hasher. Immutable. */
record AppCookie(String name, KeyHasher hasher) {

  /**
   * {@return the position of the first value in Cookie fields; {@link CookieScan#NONE} without
   * one}
   */
  long first(List<String> cookies) {
    return next(cookies, CookieScan.START);
  }

  /**
   * {@return the position of the next value in Cookie fields; {@link CookieScan#NONE} without
   * one}
   */
  long next(List<String> cookies, long after) {
    return CookieScan.nextNotEmpty(cookies, name, after);
  }

  /** {@return the key of the value at a position} */
  long key(List<String> cookies, long at) {
    return hasher.string(CookieScan.field(cookies, at), CookieScan.from(at), CookieScan.to(at));
  }

  /** {@return the key of the value that a response sets} */
  long key(SetCookieField field) {
    return hasher.string(field.value());
  }

  /** Returns whether a value with a key is in Cookie fields. */
  boolean isIn(List<String> cookies, long key) {
    long at = first(cookies);
    while (at != CookieScan.NONE && key(cookies, at) != key) {
      at = next(cookies, at);
    }
    return at != CookieScan.NONE;
  }
}
