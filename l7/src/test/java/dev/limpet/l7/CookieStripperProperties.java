package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** One cookie of the name, which is cut out at once, against the way that removes any number. */
class CookieStripperProperties {
  private static final String NAME = "si";

  @Provide
  Arbitrary<String> foreign() {
    Arbitrary<String> odd = Arbitraries.strings()
        .withChars("sib=;;; \t\t\",\n\u0000\u00a0\u00e4\u20ac\ud83c\udf6a")
        .ofMaxLength(12);
    Arbitrary<String> pairs = Arbitraries.of(
        "", " ", "\t", ";", "; ", " ; ;", "a=b", " a=b", "a=b ", "Si=i", "si2=i", "xsi=i", "=si");
    return Arbitraries.oneOf(odd, pairs);
  }

  @Provide
  Arbitrary<String> ours() {
    return Arbitraries.of("si=", "si=i", " si=i", "si=i ", "\tsi \t= i", "si=\u20ac", "si=si=i");
  }

  @Property
  void oneCookie_isCutOutAsSeveralWouldBe(
      @ForAll("foreign") String before,
      @ForAll("ours") String ours,
      @ForAll("foreign") String after) {
    for (String field :
        List.of(ours, before + ';' + ours, ours + ';' + after, before + ';' + ours + ';' + after)) {
      String rest = CookieStripper.restOfSeveral(field, NAME);

      assertThat(CookieStripper.strip(List.of(field), NAME))
          .as("<%s>", field)
          .isEqualTo(rest.matches("[ \t;]*") ? List.of() : List.of(rest));
    }
  }

  @Property
  void oneField_isStrippedAsOneOfSeveral(
      @ForAll("foreign") String before,
      @ForAll("ours") String ours,
      @ForAll("foreign") String after) {
    String field = before + ';' + ours + ';' + after;
    List<String> among = CookieStripper.strip(List.of("x=1", field, "y=2"), NAME);

    assertThat(CookieStripper.strip(List.of(field), NAME))
        .isEqualTo(among.subList(1, among.size() - 1));
  }

  @Property
  void aFieldWithoutTheCookie_isTheSame(@ForAll("foreign") String foreign) {
    List<String> fields = List.of(foreign);
    if (CookieScan.next(fields, NAME, CookieScan.START) == CookieScan.NONE) {
      assertThat(CookieStripper.strip(fields, NAME)).isSameAs(fields);
    }
  }
}
