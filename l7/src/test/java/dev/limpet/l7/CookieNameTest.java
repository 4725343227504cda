package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CookieNameTest {

  private static Faults check(String name) {
    Faults faults = new Faults();
    CookieName.check(name, faults);
    return faults;
  }

  private static boolean isLegal(String name) {
    try {
      check(name).refuse();
      return true;
    } catch (IllegalArgumentException illegal) {
      return false;
    }
  }

  @Test
  void legalCharacters_areThoseOfATokenOfTheSpecification() {
    String legal = IntStream.rangeClosed(0, 0x180)
        .mapToObj(c -> String.valueOf((char) c))
        .filter(CookieNameTest::isLegal)
        .collect(Collectors.joining());
    assertThat(legal)
        .isEqualTo("!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~");
  }

  @Test
  void faults_areShownWithoutControlCharacters() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> check("a~ \u007f").refuse())
        .withMessage("cookieName: \"a~ \\u007f\" (expected: an RFC 6265 token; ' ' at index 2)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> check("").refuse())
        .withMessage("cookieName: \"\" (expected: an RFC 6265 token)");
  }
}
