package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** M1: the value of a field that identifies a session. */
class HeaderValueTest {
  @Test
  void noField_isNoValue() {
    assertThat(HeaderValue.only(List.of(), 16)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "!~", "1868a90c-7a0b-4e1a-9b7e", "a,b;c=d", "0123456789ABCDEF01234567"})
  void visibleCharacters_areAValue(String value) {
    assertThat(HeaderValue.only(List.of(value), 24)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "a b", " a", "a\t", "a\u007f", "a\u0000", "é", "a\u0100", "a\r\nb"})
  void anyOtherCharacter_orNone_isUnusable(String value) {
    assertThat(HeaderValue.only(List.of(value), 24)).isEqualTo(HeaderValue.UNUSABLE);
  }

  @Test
  void aValueThatIsTooLong_isUnusableAndNotTruncated() {
    assertThat(HeaderValue.only(List.of("x".repeat(16)), 16)).hasSize(16);
    assertThat(HeaderValue.only(List.of("x".repeat(17)), 16)).isEqualTo(HeaderValue.UNUSABLE);
  }

  @Test
  void severalEqualFields_areOne_andDifferentOnesAreUnusable() {
    assertThat(HeaderValue.only(List.of("a", "a", "a"), 16)).isEqualTo("a");
    assertThat(HeaderValue.only(List.of("a", "a", "b"), 16)).isEqualTo(HeaderValue.UNUSABLE);
    assertThat(HeaderValue.only(List.of("a", "A"), 16)).isEqualTo(HeaderValue.UNUSABLE);
    assertThat(HeaderValue.only(List.of("a", ""), 16)).isEqualTo(HeaderValue.UNUSABLE);
  }
}
