package dev.limpet.l7;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The parts of a Set-Cookie field that affinities use (RFC 6265bis, section 5.6). */
record SetCookieField(
    String value, @Nullable Long maxAge, @Nullable Instant expires) {

  /** The field's name. */
  static final String NAME = "Set-Cookie";

  private static final String MAX_AGE = "max-age=";
  private static final String EXPIRES = "expires=";
  private static final long MAX_SECONDS = Integer.MAX_VALUE;

  /**
   * Returns the fields that do not set the cookie with a name.
   *
   * @return the same list if none does
   */
  static List<String> without(List<String> fields, String name) {
    for (int i = 0; i < fields.size(); i++) {
      if (isOf(fields.get(i), name)) {
        return fields.stream().filter(field -> !isOf(field, name)).toList();
      }
    }
    return fields;
  }

  /** {@return the fields that set the cookie with a name} */
  static List<SetCookieField> all(List<String> fields, String name) {
    List<SetCookieField> all = List.of();
    for (int i = 0; i < fields.size(); i++) {
      SetCookieField field = parse(fields.get(i), name);
      if (field != null) {
        all = all.isEmpty() ? new ArrayList<>() : all;
        all.add(field);
      }
    }
    return all;
  }

  /** {@return the field if it sets the cookie with a name, otherwise null} */
  static @Nullable SetCookieField parse(String field, String name) {
    int end = CookiePair.end(field, 0, field.length());
    int sign = CookiePair.equalsSign(field, 0, end, name);
    if (sign < 0) {
      return null;
    }
    String value = trimmed(field, sign + 1, end);
    Long maxAge = null;
    Instant expires = null;
    int to;
    for (int from = end + 1; from <= field.length(); from = to + 1) {
      to = CookiePair.end(field, from, field.length());
      String attribute = attribute(field, from, to);
      if (attribute.startsWith(MAX_AGE)) {
        maxAge = orElse(seconds(attribute.substring(MAX_AGE.length())), maxAge);
      } else if (attribute.startsWith(EXPIRES)) {
        expires = orElse(CookieDate.parse(attribute.substring(EXPIRES.length())), expires);
      }
    }
    return new SetCookieField(value, maxAge, expires);
  }

  /** Returns whether a browser that receives this now deletes the cookie or stores an empty one. */
  boolean isDeletion(Instant now) {
    if (value.isEmpty()) {
      return true;
    }
    return (maxAge != null) ? maxAge <= 0 : expires != null && expires.isBefore(now);
  }

  /**
   * Returns a text that does not reveal the value, because anyone with the value can use its
   * session.
   */
  @Override
  public String toString() {
    return "SetCookieField[maxAge=" + maxAge + ", expires=" + expires + ']';
  }

  /**
   * {@return {@code name=value} in lower case, without blanks around the name and the value; empty
   * if there is no '='}
   */
  private static String attribute(String field, int from, int to) {
    int sign = from;
    while (sign < to && field.charAt(sign) != '=') {
      sign++;
    }
    if (sign == to) {
      return "";
    }
    String attribute = trimmed(field, from, sign) + '=' + trimmed(field, sign + 1, to);
    return attribute.toLowerCase(Locale.ROOT);
  }

  /** {@return the seconds; null if the text is not a whole number and must be ignored} */
  private static @Nullable Long seconds(String text) {
    boolean negative = text.startsWith("-");
    int first = negative ? 1 : 0;
    long seconds = 0;
    for (int i = first; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return null;
      }
      seconds = Math.min(seconds * 10 + digit, MAX_SECONDS);
    }
    if (first == text.length()) {
      return null;
    }
    return negative ? -seconds : seconds;
  }

  private static String trimmed(String text, int from, int to) {
    int start = CookiePair.skipBlanks(text, from, to);
    return text.substring(start, CookiePair.dropBlanks(text, start, to));
  }

  private static <T> @Nullable T orElse(@Nullable T value, @Nullable T other) {
    return (value != null) ? value : other;
  }

  private static boolean isOf(String field, String name) {
    return CookiePair.equalsSign(field, 0, CookiePair.end(field, 0, field.length()), name) >= 0;
  }
}
