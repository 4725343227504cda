package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookieStripperTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "sid=x; b=2|b=2",
        "a=1; sid=x|a=1",
        "a=1; sid=x; b=2|a=1; b=2",
        "a=1;sid=x;b=2|a=1;b=2",
        "a=1; sid=x; sid=y; b=2; sid=z|a=1; b=2",
        "a=\"x; sid=y; z\"|a=\"x; z\"",
        "a=1;  sid=x;  b=2  |a=1;  b=2  ",
        "a; =b; sid=x; c=d=e;;f|a; =b; c=d=e;;f",
        "a=1; sid = x|a=1",
      })
  void removesOurCookieAndNothingElse(String field, String rest) {
    assertThat(CookieStripper.strip(List.of(field), "sid")).containsExactly(rest);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sid=x", "sid=x; ", "; sid=x", "sid=x;sid=y;;", "sid="})
  void dropsFieldsOfWhichNothingIsLeft(String field) {
    assertThat(CookieStripper.strip(List.of(field), "sid")).isEmpty();
    assertThat(CookieStripper.strip(List.of("a=1", field, "b=2"), "sid"))
        .containsExactly("a=1", "b=2");
  }

  @Test
  void returnsTheSameListIfThereIsNothingToRemove() {
    List<String> fields = List.of("a=1; xsid=2", "", "; ;");

    assertThat(CookieStripper.strip(fields, "sid")).isSameAs(fields);
  }

  @Test
  void returnsTheSameFieldsWhereThereIsNothingToRemove() {
    List<String> fields = List.of("a=1", "sid=x; b=2", " ; ");

    List<String> stripped = CookieStripper.strip(fields, "sid");

    assertThat(stripped).containsExactly("a=1", "b=2", " ; ");
    assertThat(stripped.get(0)).isSameAs(fields.get(0));
    assertThat(stripped.get(2)).isSameAs(fields.get(2));
  }

  @Test
  void removesOursBeyondTheScanLimitToo() {
    String padding = "a=" + "b".repeat(CookieScan.SCAN_LIMIT);

    assertThat(CookieStripper.strip(List.of(padding + "; sid=x"), "sid")).containsExactly(padding);
  }

  @Test
  void survivesCookieBombs() {
    assertThat(CookieStripper.strip(List.of("sid=;".repeat(300_000)), "sid")).isEmpty();
    assertThat(CookieStripper.strip(List.of("a=;sid=;".repeat(150_000)), "sid"))
        .containsExactly("a=;".repeat(150_000));
  }
}
