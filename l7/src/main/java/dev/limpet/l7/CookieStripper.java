package dev.limpet.l7;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Removes the cookies of one name from Cookie fields, and leaves every other octet as it is. */
final class CookieStripper {

  private CookieStripper() {}

  /**
   * Returns the fields without the cookies of the name; fields that become empty are left out.
   *
   * @return the same list if there are no such cookies, else a new one
   */
  static List<String> strip(List<String> fields, String name) {
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

  /** {@return what is left of the field; null if there is nothing to remove} */
  private static @Nullable String rest(String field, String name) {
    StringBuilder kept = null;
    int copied = 0;
    int to;
    for (int from = 0; from <= field.length(); from = to + 1) {
      to = CookiePair.end(field, from, field.length());
      if (CookiePair.equalsSign(field, from, to, name) >= 0) {
        kept = (kept == null) ? new StringBuilder(field.length()) : kept;
        append(kept, field, copied, from);
        copied = to + 1;
      }
    }
    return (kept == null) ? null : finish(kept, field, copied);
  }

  /**
   * Appends a part of the field, without the blanks that parted it from a cookie that was first.
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
