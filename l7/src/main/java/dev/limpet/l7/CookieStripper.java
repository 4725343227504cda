package dev.limpet.l7;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Removes the cookies with one name from Cookie fields, and keeps every other octet. */
final class CookieStripper {
  private static final int NOWHERE = -1;

  private CookieStripper() {}

  /**
   * Returns the fields without the cookies with a name. Fields that become empty are omitted.
   *
   * @return the same list if there are no such cookies, otherwise a new one
   */
  static List<String> strip(List<String> fields, String name) {
    if (fields.size() == 1) {
      String rest = rest(fields.get(0), name);
      return (rest == null) ? fields : isVoid(rest) ? List.of() : List.of(rest);
    }
    return stripSeveral(fields, name);
  }

  private static List<String> stripSeveral(List<String> fields, String name) {
    List<String> stripped = null;
    for (int i = 0; i < fields.size(); i++) {
      String rest = rest(fields.get(i), name);
      if (rest != null && stripped == null) {
        stripped = new ArrayList<>(fields.subList(0, i));
      }
      if (stripped != null) {
        add(stripped, fields.get(i), rest);
      }
    }
    return (stripped == null) ? fields : stripped;
  }

  private static void add(List<String> stripped, String field, @Nullable String rest) {
    if (rest == null) {
      stripped.add(field);
    } else if (!isVoid(rest)) {
      stripped.add(rest);
    }
  }

  /** {@return the rest of the field; null if there is nothing to remove} */
  private static @Nullable String rest(String field, String name) {
    int from = find(field, name, 0);
    if (from == NOWHERE) {
      return null;
    }
    int to = CookiePair.end(field, from, field.length());
    return (find(field, name, to + 1) == NOWHERE)
        ? without(field, from, to)
        : restOfSeveral(field, name);
  }

  /**
   * {@return the index where the next cookie with the name begins, after the semicolon before it}
   */
  private static int find(String field, String name, int start) {
    int to;
    for (int from = start; from <= field.length(); from = to + 1) {
      to = CookiePair.end(field, from, field.length());
      if (CookiePair.equalsSign(field, from, to, name) >= 0) {
        return from;
      }
    }
    return NOWHERE;
  }

  /** {@return the field without the cookie between two indices} */
  private static String without(String field, int from, int to) {
    if (to == field.length()) {
      return field.substring(0, Math.max(from - 1, 0));
    }
    return (from == 0)
        ? field.substring(CookiePair.skipBlanks(field, to + 1, field.length()))
        : joined(field, from, to + 1);
  }

  private static String joined(String field, int from, int to) {
    char[] kept = new char[from + field.length() - to];
    field.getChars(0, from, kept, 0);
    field.getChars(to, field.length(), kept, from);
    return new String(kept);
  }

  /** {@return what is left of a field that has a cookie of the name, or several} */
  static String restOfSeveral(String field, String name) {
    StringBuilder kept = new StringBuilder(field.length());
    int copied = 0;
    int from = find(field, name, 0);
    while (from != NOWHERE) {
      append(kept, field, copied, from);
      copied = CookiePair.end(field, from, field.length()) + 1;
      from = find(field, name, copied);
    }
    return finish(kept, field, copied);
  }

  /**
   * Appends a part of the field. If the first cookie was removed, the blanks after it are skipped.
   */
  private static void append(StringBuilder kept, String field, int from, int to) {
    boolean firstRemoved = from > 0 && kept.length() == 0;
    kept.append(field, firstRemoved ? CookiePair.skipBlanks(field, from, to) : from, to);
  }

  private static String finish(StringBuilder kept, String field, int copied) {
    if (copied > field.length()) {
      kept.setLength(Math.max(kept.length() - 1, 0));
    } else {
      append(kept, field, copied, field.length());
    }
    return kept.toString();
  }

  private static boolean isVoid(String field) {
    for (int i = 0; i < field.length(); i++) {
      if (!CookiePair.isBlank(field.charAt(i)) && field.charAt(i) != ';') {
        return false;
      }
    }
    return true;
  }
}
