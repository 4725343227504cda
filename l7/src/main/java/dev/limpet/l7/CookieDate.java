package dev.limpet.l7;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * The date of a cookie's {@code Expires}, read as leniently as browsers do (RFC 6265, section
 * 5.1.1).
 */
final class CookieDate {
  private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
  private static final int FIRST_YEAR = 1601;
  private static final int UNKNOWN = -1;

  private final String text;
  private int day = UNKNOWN;
  private int month = UNKNOWN;
  private int year = UNKNOWN;
  private int hour = UNKNOWN;
  private int minute;
  private int second;

  private CookieDate(String text) {
    this.text = text;
  }

  /** {@return the date, or null if the text is not a date} */
  static @Nullable Instant parse(String text) {
    CookieDate date = new CookieDate(text);
    date.readTokens();
    return date.toInstant();
  }

  private void readTokens() {
    int to;
    for (int from = 0; from < text.length(); from = to + 1) {
      to = from;
      while (to < text.length() && !isDelimiter(text.charAt(to))) {
        to++;
      }
      if (to > from) {
        readToken(from, to);
      }
    }
  }

  private void readToken(int from, int to) {
    if (hour == UNKNOWN && readTime(from, to)) {
      return;
    }
    if (day == UNKNOWN && (day = number(from, to, 1, 2)) != UNKNOWN) {
      return;
    }
    if (month == UNKNOWN && (month = month(from, to)) != UNKNOWN) {
      return;
    }
    if (year == UNKNOWN) {
      year = number(from, to, 2, 4);
    }
  }

  private boolean readTime(int from, int to) {
    int first = digitsEnd(from, to);
    int second = digitsEnd(first + 1, to);
    if (!isColon(first, to) || !isColon(second, to)) {
      return false;
    }
    int h = number(from, first, 1, 2);
    int m = number(first + 1, second, 1, 2);
    int s = number(second + 1, to, 1, 2);
    if (h == UNKNOWN || m == UNKNOWN || s == UNKNOWN) {
      return false;
    }
    hour = h;
    minute = m;
    this.second = s;
    return true;
  }

  private boolean isColon(int index, int to) {
    return index < to && text.charAt(index) == ':';
  }

  private int month(int from, int to) {
    if (to - from < 3) {
      return UNKNOWN;
    }
    for (int i = 0; i < MONTHS.length(); i += 3) {
      if (text.regionMatches(true, from, MONTHS, i, 3)) {
        return i / 3 + 1;
      }
    }
    return UNKNOWN;
  }

  /**
   * {@return the number at the beginning of the range, or -1 if it has too few or too many digits}
   */
  private int number(int from, int to, int minDigits, int maxDigits) {
    int end = digitsEnd(from, to);
    int digits = end - from;
    return (digits < minDigits || digits > maxDigits)
        ? UNKNOWN
        : Integer.parseInt(text, from, end, 10);
  }

  private int digitsEnd(int from, int to) {
    int i = from;
    while (i < to && isDigit(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private @Nullable Instant toInstant() {
    if (day == UNKNOWN
        || month == UNKNOWN
        || year == UNKNOWN
        || hour == UNKNOWN
        || fullYear() < FIRST_YEAR) {
      return null;
    }
    try {
      return LocalDateTime.of(fullYear(), month, day, hour, minute, second)
          .toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private int fullYear() {
    if (year < 70) {
      return year + 2000;
    }
    return (year < 100) ? year + 1900 : year;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isDelimiter(char c) {
    return c == '\t'
        || (c >= ' ' && c <= '/')
        || (c >= ';' && c <= '@')
        || (c >= '[' && c <= '`')
        || (c >= '{' && c <= '~');
  }
}
