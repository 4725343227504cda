package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ids of texts. They are part of every binding, so they must never change. */
class BackendIdTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"web1", "10.0.0.1:8080", "[::1]:80", "http://web 1/?a=b;c&d#e", "~!$'()*,", " "})
  void printableAscii_isItsOwnId(String text) {
    assertThat(Backend.idOf(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "@,              %40",
    "%,              %25",
    "%40,            %2540",
    "web@z\u00fcrich, web%40z%C3%BCrich",
    "\u20ac,         %E2%82%AC",
    "\ud83d\ude00,   %F0%9F%98%80",
  })
  void everythingElse_isPercentEncoded(String text, String id) {
    assertThat(Backend.idOf(text)).isEqualTo(id);
  }

  @Test
  void controlCharactersAndUnpairedSurrogates_arePercentEncoded() {
    assertThat(Backend.idOf("a\n\u0000\u007f")).isEqualTo("a%0A%00%7F");
    assertThat(Backend.idOf("\ud800")).isEqualTo("%ED%A0%80");
    assertThat(Backend.idOf("\udfff?")).isEqualTo("%ED%BF%BF?");
  }

  @Test
  void anIdOfUpTo128Characters_isNotShortened() {
    assertThat(Backend.idOf("x".repeat(128))).isEqualTo("x".repeat(128));
    assertThat(Backend.idOf("@".repeat(42) + "xx")).isEqualTo("%40".repeat(42) + "xx");
  }

  @Test
  void aLongerOne_isItsBeginningAndTheHashOfTheText() {
    assertThat(Backend.idOf("x".repeat(129)))
        .isEqualTo("x".repeat(62) + "%~"
            + "0ec9eb33e74510bcdd1f2ea55206e82f21649c5c2becbf2b433eb475b34c01bd");
  }

  @Test
  void theBeginning_endsBeforeAnEncodedCharacterThatWouldBeCut() {
    assertThat(beginning("x".repeat(59) + "@".repeat(40))).isEqualTo("x".repeat(59) + "%40");
    assertThat(beginning("x".repeat(60) + "@".repeat(40))).isEqualTo("x".repeat(60));
    assertThat(beginning("x".repeat(61) + "@".repeat(40))).isEqualTo("x".repeat(61));
    assertThat(beginning("x".repeat(62) + "@".repeat(40))).isEqualTo("x".repeat(62));
  }

  @Test
  void emptyText_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Backend.idOf(""))
        .withMessage("text: \"\" (expected: one character or more)");
    assertThatNullPointerException().isThrownBy(() -> Backend.idOf(null));
  }

  private static String beginning(String text) {
    String id = Backend.idOf(text);
    return id.substring(0, id.indexOf("%~"));
  }
}
