package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Of Cookie fields, one a line, read by a specification that splits and trims. */
class CookieHeaderFuzzTest {
  private static final String NAME = "si";

  @FuzzTest
  void readingAndStrippingAreAsSpecified(byte[] input) {
    List<String> fields = List.of(new String(input, StandardCharsets.ISO_8859_1).split("\n", -1));
    List<String> values = fields.stream().flatMap(f -> values(f).stream()).toList();

    assertThat(CookieScanTest.values(fields, NAME))
        .isEqualTo(values.subList(0, Math.min(values.size(), CookieScan.MAX_VALUES)));

    for (String field : fields) {
      assertThat(CookieStripper.strip(List.of(field), NAME)).isEqualTo(strippedAsSeveral(field));
    }
    List<String> stripped = CookieStripper.strip(fields, NAME);
    if (values.isEmpty()) {
      assertThat(stripped).isSameAs(fields);
      return;
    }
    assertThat(CookieScan.next(stripped, NAME, CookieScan.START)).isEqualTo(CookieScan.NONE);
    assertThat(foreign(stripped)).isEqualTo(foreign(fields));
    assertThat(stripped)
        .allMatch(
            field -> fields.contains(field) || !field.replaceAll("[ \t;]", "").isEmpty())
        .allMatch(field -> fields.stream().anyMatch(f -> f.length() >= field.length()));
  }

  private static List<String> strippedAsSeveral(String field) {
    if (values(field).isEmpty()) {
      return List.of(field);
    }
    String rest = CookieStripper.restOfSeveral(field, NAME);
    return rest.replaceAll("[ \t;]", "").isEmpty() ? List.of() : List.of(rest);
  }

  /**
   * The pieces that are not ours, to the octet, but for blanks that parted one from a cookie before
   * it.
   */
  private static List<String> foreign(List<String> fields) {
    List<String> foreign = new ArrayList<>();
    for (String field : fields) {
      Arrays.stream(field.split(";", -1))
          .filter(piece -> value(piece) == null && !trimmed(piece).isEmpty())
          .map(piece -> piece.substring(piece.indexOf(trimmed(piece))))
          .forEach(foreign::add);
    }
    return foreign;
  }

  private static List<String> values(String field) {
    List<String> values = new ArrayList<>();
    for (String piece : field.split(";", -1)) {
      String value = value(piece);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  private static String value(String piece) {
    int sign = piece.indexOf('=');
    boolean ours = sign >= 0 && trimmed(piece.substring(0, sign)).equals(NAME);
    return ours ? trimmed(piece.substring(sign + 1)) : null;
  }

  private static String trimmed(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && (text.charAt(from) == ' ' || text.charAt(from) == '\t')) {
      from++;
    }
    while (from < to && (text.charAt(to - 1) == ' ' || text.charAt(to - 1) == '\t')) {
      to--;
    }
    return text.substring(from, to);
  }
}
