package dev.limpet.vertx.internal.http;

import io.netty.util.AsciiString;
import java.util.Arrays;

/** Some names of fields, found in any case. Immutable. */
final class FieldNames {
  private static final AsciiString[] NONE = {};

  private final AsciiString[][] byLength;

  FieldNames(String... names) {
    int longest = Arrays.stream(names).mapToInt(String::length).max().orElse(0);
    byLength = new AsciiString[longest + 1][];
    for (int length = 0; length <= longest; length++) {
      int wanted = length;
      byLength[length] = Arrays.stream(names)
          .filter(name -> name.length() == wanted)
          .map(AsciiString::cached)
          .toArray(AsciiString[]::new);
    }
  }

  boolean contains(CharSequence name) {
    for (AsciiString known : (name.length() < byLength.length) ? byLength[name.length()] : NONE) {
      if (known.contentEqualsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }
}
