package dev.limpet.l7;

import java.util.ArrayList;
import java.util.List;

/**
 * The field Cache-Control of a response, as far as it affects fields of one client, such as cookies
 * (RFC 9111, section 5.2.2).
 */
final class CacheControl {

  private static final String NAME = "Cache-Control";
  private static final String PRIVATE = "private";
  private static final String NO_STORE = "no-store";
  private static final String MUST_UNDERSTAND = "must-understand";

  private final String field;
  private int position;

  private CacheControl(String field) {
    this.field = field;
  }

  /** Prevents shared caches from giving one client's field of a response to another. */
  static <S> void protect(String name, Messages<?, S> messages, S response) {
    List<String> values = messages.fields(response, NAME);
    if (!protects(name, values)) {
      messages.setFields(response, NAME, withPrivate(values));
    }
  }

  /**
   * Returns whether the values prevent shared caches from giving one client's cookie to another.
   */
  static boolean protectsCookies(List<String> values) {
    return protects(SetCookieField.NAME, values);
  }

  private static boolean protects(String name, List<String> values) {
    boolean forbidsStoring = false;
    boolean allowsItAllTheSame = false;
    for (int i = 0; i < values.size(); i++) {
      CacheControl value = new CacheControl(values.get(i));
      while (value.position < value.field.length()) {
        String directive = value.nextDirective();
        if (limits(name, directive)) {
          return true;
        }
        forbidsStoring |= directive.strip().equalsIgnoreCase(NO_STORE);
        allowsItAllTheSame |= directive.strip().equalsIgnoreCase(MUST_UNDERSTAND);
      }
    }
    return forbidsStoring && !allowsItAllTheSame;
  }

  /** {@return the values with {@code private} added} */
  static List<String> withPrivate(List<String> values) {
    List<String> added = new ArrayList<>(values);
    added.add(PRIVATE);
    return added;
  }

  /** {@return the text before the next comma that is not in a quoted string} */
  private String nextDirective() {
    int from = position;
    boolean quoted = false;
    while (position < field.length() && (quoted || field.charAt(position) != ',')) {
      char c = field.charAt(position++);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == '\\' && quoted) {
        position++;
      }
    }
    String directive = field.substring(from, Math.min(position, field.length()));
    position++;
    return directive;
  }

  private static boolean limits(String field, String directive) {
    int sign = directive.indexOf('=');
    String name = ((sign < 0) ? directive : directive.substring(0, sign)).strip();
    boolean limits = name.equalsIgnoreCase(PRIVATE) || name.equalsIgnoreCase("no-cache");
    return limits && (sign < 0 || names(field, directive.substring(sign + 1).strip()));
  }

  /** Returns whether the field names of a qualified directive include one. */
  private static boolean names(String field, String argument) {
    boolean quoted = argument.length() >= 2 && argument.startsWith("\"") && argument.endsWith("\"");
    String names = quoted ? argument.substring(1, argument.length() - 1) : argument;
    for (String name : names.split(",", -1)) {
      if (name.strip().equalsIgnoreCase(field)) {
        return true;
      }
    }
    return false;
  }
}
