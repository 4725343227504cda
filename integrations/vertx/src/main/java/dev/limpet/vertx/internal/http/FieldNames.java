package dev.limpet.vertx.internal.http;

import java.util.Arrays;

/** Some names of fields, found in any case. Immutable. */
final class FieldNames {
  private static final String[] NONE = {};

  private final String[][] byLength;

  FieldNames(String... names) {
    int longest = Arrays.stream(names).mapToInt(String::length).max().orElse(0);
    byLength = new String[longest + 1][];
    for (int length = 0; length <= longest; length++) {
      int wanted = length;
      byLength[length] =
          Arrays.stream(names).filter(name -> name.length() == wanted).toArray(String[]::new);
    }
  }

  boolean contains(String name) {
    for (String known : (name.length() < byLength.length) ? byLength[name.length()] : NONE) {
      if (known.equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }
}
