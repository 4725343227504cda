package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.limpet.core.Environment;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Targets, read by a specification that splits and replaces. */
class TargetParameterFuzzTest {
  private static final KeyHasher HASHER = Environment.local().hasher();
  private static final int MAX_LENGTH = 16;
  private static final Pattern ESCAPE = Pattern.compile("%([0-9A-Fa-f]{2})");
  private static final TargetParameter QUERY = TargetParameter.ofQuery("id");
  private static final TargetParameter PATH = TargetParameter.ofPath("id");

  @FuzzTest
  void parametersAreReadAsSpecified(byte[] input) {
    String target = new String(input, StandardCharsets.ISO_8859_1);

    assertThat(QUERY.key(target, HASHER, MAX_LENGTH)).isEqualTo(key(target, query(target)));
    assertThat(PATH.key(target, HASHER, MAX_LENGTH)).isEqualTo(key(target, path(target)));
  }

  private static long key(String target, String value) {
    if (target.length() > TargetParameter.SCAN_LIMIT) {
      return KeyExtractor.UNUSABLE;
    }
    if (value == null) {
      return KeyExtractor.NONE;
    }
    return (value.length() > MAX_LENGTH)
        ? KeyExtractor.UNUSABLE
        : value.matches("[ \t-\r]*") ? KeyExtractor.NONE : HASHER.string(value);
  }

  private static String query(String target) {
    String[] parts = target.split("#", 2)[0].split("\\?", 2);
    if (parts.length == 1) {
      return null;
    }
    for (String pair : parts[1].replace('+', ' ').split("&", -1)) {
      String[] sides = pair.split("=", 2);
      if (decoded(sides[0]).equals("id")) {
        return (sides.length == 1) ? "" : decoded(sides[1]);
      }
    }
    return null;
  }

  private static String path(String target) {
    String path = target.split("[?#]", 2)[0].replaceFirst("(?s)\\A[^/]+://[^/]*", "");
    for (String segment : path.split("/", -1)) {
      String[] parts = segment.split(";", -1);
      for (int i = 1; i < parts.length; i++) {
        String[] sides = parts[i].split("=", 2);
        if (sides[0].equals("id")) {
          return (sides.length == 1) ? "" : decoded(sides[1]);
        }
      }
    }
    return null;
  }

  private static String decoded(String text) {
    return ESCAPE
        .matcher(text)
        .replaceAll(found ->
            Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(found.group(1), 16))));
  }
}
