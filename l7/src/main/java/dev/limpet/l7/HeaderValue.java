package dev.limpet.l7;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules for the values of a field that identifies sessions. */
final class HeaderValue {

  /** The result for a value that cannot be used. A usable one is never empty. */
  static final String UNUSABLE = "";

  private HeaderValue() {}

  /**
   * Returns the only value of a field. Several equal values count as one.
   *
   * @param values the values, one for each line
   * @param maxLength the maximum number of characters
   * @return null if there is no value; {@link #UNUSABLE} if there are different ones, or the value
   *     is empty, too long, or has another character than 0x21..0x7E
   */
  static @Nullable String only(List<String> values, int maxLength) {
    if (values.isEmpty()) {
      return null;
    }
    String value = values.get(0);
    return isVisible(value, maxLength) && areEqual(values, value) ? value : UNUSABLE;
  }

  /** Returns whether all values of a field are equal. */
  static boolean areEqual(List<String> values, String value) {
    for (int i = 1; i < values.size(); i++) {
      if (!values.get(i).equals(value)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isVisible(String value, int maxLength) {
    if (value.length() > maxLength) {
      return false;
    }
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) <= ' ' || value.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }
}
