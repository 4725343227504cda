package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SetCookieFieldTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.5Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "sid=x|x",
        " sid = x ; Path=/|x",
        "sid=\"x\"; Path=/|\"x\"",
        "sid=a=b,c|a=b,c",
        "sid=|''",
      })
  void readsTheValue(String field, String value) {
    assertThat(field(field).value()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "sid", "sid; sid=x", "=sid=x", "Sid=x", "a=b; sid=x", "sidx=y", "\"sid\"=x"})
  void isNotOfTheCookie(String field) {
    assertThat(SetCookieField.parse(field, "sid")).isNull();
    assertThat(SetCookieField.without(List.of(field), "sid")).containsExactly(field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sid=",
        "sid=; Path=/",
        "sid=  ; Max-Age=100",
        "sid=x; Max-Age=0",
        "sid=x; max-age=-1",
        "sid=x; MAX-AGE = 0 ",
        "sid=x;Max-Age=000",
        "sid=x; Max-Age=-99999999999999999999",
        "sid=x; Expires=Thu, 01-Jan-1970 00:00:01 GMT",
        "sid=x; expires=Sun, 01 Mar 2026 12:00:00 GMT",
        "sid=x; Max-Age=0; Expires=Fri, 01 Jan 2100 00:00:00 GMT",
        "sid=x; Expires=Fri, 01 Jan 2100 00:00:00 GMT; Max-Age=0",
        "sid=x; Max-Age=100; Max-Age=0",
        "sid=x; Max-Age=0; Max-Age=abc",
        "sid=x; Expires=Thu, 01-Jan-1970 00:00:01 GMT; Expires=never"
      })
  void isADeletion(String field) {
    assertThat(field(field).isDeletion(NOW)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sid=x",
        "sid=\"\"",
        "sid=x; Max-Age=1",
        "sid=x; Max-Age=99999999999999999999",
        "sid=x; Max-Age=",
        "sid=x; Max-Age=-",
        "sid=x; Max-Age=+0",
        "sid=x; Max-Age=0x",
        "sid=x; Max-Age=\"0\"",
        "sid=x; Max-Age",
        "sid=x; XMax-Age=0",
        "sid=x; Expires=Sun, 01 Mar 2026 12:00:01 GMT",
        "sid=x; Expires=",
        "sid=x; Expires=yesterday",
        "sid=x; Expires=0",
        "sid=x; Max-Age=1; Expires=Thu, 01-Jan-1970 00:00:01 GMT",
        "sid=x; Max-Age=0; Max-Age=100",
      })
  void isNoDeletion(String field) {
    assertThat(field(field).isDeletion(NOW)).isFalse();
  }

  @Test
  void removesTheFieldsOfTheCookieAndNoOthers() {
    List<String> fields = List.of("a=1; Path=/", "sid=x", "sid=y; Max-Age=0", "b=sid");

    assertThat(SetCookieField.without(fields, "sid")).containsExactly("a=1; Path=/", "b=sid");
  }

  @Test
  void survivesManyAttributes() {
    String field = "sid=x" + ";a".repeat(300_000) + "; Max-Age=0";

    assertThat(field(field).isDeletion(NOW)).isTrue();
  }

  private static SetCookieField field(String text) {
    SetCookieField field = SetCookieField.parse(text, "sid");
    assertThat(field).as(text).isNotNull();
    return field;
  }

  @Test
  void toString_saysNothingOfTheValue() {
    assertThat(SetCookieField.parse("SID=secret; Max-Age=5; Secure", "SID"))
        .hasToString("SetCookieField[maxAge=5, expires=null]");
  }
}
