package dev.limpet.l7;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Reading and stripping against a specification that is written with regular expressions. */
class CookieProperties {
  private static final Pattern PAIR =
      Pattern.compile("[ \\t]*([^=]*?)[ \\t]*=[ \\t]*(.*?)[ \\t]*", Pattern.DOTALL);

  @Provide
  Arbitrary<List<String>> fields() {
    Arbitrary<String> odd =
        Arbitraries.strings().withChars("si=;;; \t\",\\$\n\u0000\u00a0\u00e4").ofMaxLength(12);
    Arbitrary<String> ours = Arbitraries.of(
        "si=",
        " si=",
        "si =s",
        "\tsi=\"i\"",
        "si=;si=i",
        "; si=i;",
        "Si=i",
        "=si=i",
        "si=i; a=b",
        "a=b; si=i");
    return Arbitraries.oneOf(odd, ours)
        .list()
        .ofMaxSize(3)
        .map(parts -> String.join(";", parts))
        .list()
        .ofMaxSize(3);
  }

  @Property
  void readsWhatTheSpecificationReads(@ForAll("fields") List<String> fields) {
    assertThat(CookieScanTest.values(fields, "si")).isEqualTo(values(fields, "si"));
  }

  @Property
  void stripsWhatTheSpecificationStrips(@ForAll("fields") List<String> fields) {
    assertThat(CookieStripper.strip(fields, "si")).isEqualTo(stripped(fields, "si"));
  }

  @Property
  void strippedFieldsHaveEveryOtherCookieAndNoneOfOurs(@ForAll("fields") List<String> fields) {
    List<String> stripped = CookieStripper.strip(fields, "si");

    assertThat(CookieScanTest.values(stripped, "si")).isEmpty();
    assertThat(foreign(stripped)).isEqualTo(foreign(fields));
  }

  /** {@return the values of the cookies of a name that are looked at} */
  static List<String> values(List<String> fields, String name) {
    return fields.stream()
        .flatMap(field -> Arrays.stream(field.split(";", -1)))
        .map(PAIR::matcher)
        .filter(pair -> pair.matches() && pair.group(1).equals(name))
        .map(pair -> pair.group(2))
        .limit(CookieScan.MAX_VALUES)
        .toList();
  }

  /** {@return the fields without the cookies of a name, and without those that become empty} */
  static List<String> stripped(List<String> fields, String name) {
    List<String> stripped = new ArrayList<>();
    for (String field : fields) {
      String[] pieces = field.split(";", -1);
      String rest = Arrays.stream(pieces).filter(piece -> !isOf(piece, name)).collect(joining(";"));
      if (isOf(pieces[0], name)) {
        rest = rest.replaceFirst("^[ \\t]+", "");
      }
      if (rest.equals(field) || !rest.matches("[ \\t;]*")) {
        stripped.add(rest);
      }
    }
    return stripped;
  }

  private static List<String> foreign(List<String> fields) {
    return fields.stream()
        .flatMap(field -> Arrays.stream(field.split(";", -1)))
        .filter(piece -> !isOf(piece, "si") && !piece.matches("[ \\t]*"))
        .map(piece -> piece.replaceFirst("^[ \\t]+", ""))
        .toList();
  }

  private static boolean isOf(String piece, String name) {
    Matcher pair = PAIR.matcher(piece);
    return pair.matches() && pair.group(1).equals(name);
  }
}
