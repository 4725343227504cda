package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookieScanTest {

  static List<String> values(List<String> fields, String name) {
    List<String> values = new ArrayList<>();
    long at = CookieScan.START;
    while ((at = CookieScan.next(fields, name, at)) != CookieScan.NONE) {
      String field = CookieScan.field(fields, at);
      values.add(field.substring(CookieScan.from(at), CookieScan.to(at)));
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "sid=x|x",
        "a=1; sid=x; b=2|x",
        "a=1;sid=x;b=2|x",
        " \t sid \t = \t x \t ; b=2|x",
        "sid=|''",
        "sid==x=|=x=",
        "sid=x y|x y",
        "sid=\"x\"|\"x\"",
        "sid=x,y|x,y",
        "a=\"; sid=x; b=\"|x",
        "a=\"1; sid=x|x",
        "a=1,2; sid=x|x",
        ";;; sid=x;;;|x",
        "sid=\u00e4|\u00e4",
        "$Version=1; sid=x|x",
      })
  void findsTheValue(String field, String value) {
    assertThat(values(List.of(field), "sid")).containsExactly(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ";",
        "=",
        "sid",
        "sid;",
        " sid ",
        "=sid=x",
        "==sid=x",
        "=x",
        "SID=x",
        "Sid=x",
        "xsid=x",
        "sidx=x",
        "si=d=x",
        "\"sid\"=x",
        "a=1, sid=x",
        "%73id=x",
        "s id=x",
        "\u00a0sid=x",
        "sid\u00a0=x",
        "\u0000sid=x",
        "a=sid=x",
        "sid\n=x"
      })
  void findsNothing(String field) {
    assertThat(values(List.of(field), "sid")).isEmpty();
  }

  @Test
  void readsAllFieldsInOrder() {
    List<String> crumbs = List.of("sid=1", "a=b", "", "sid=2; sid=3");

    assertThat(values(crumbs, "sid")).containsExactly("1", "2", "3");
  }

  @Test
  void looksAtEightCandidatesOnly() {
    assertThat(values(Collections.nCopies(7, "sid=x"), "sid")).hasSize(7);
    assertThat(values(Collections.nCopies(8, "sid=x"), "sid")).hasSize(8);
    assertThat(values(Collections.nCopies(9, "sid=x"), "sid")).hasSize(8);
    assertThat(values(List.of("sid=x;".repeat(9)), "sid")).hasSize(8);
  }

  @Test
  void looksAtHalfAMillionFields() {
    List<String> fields = new ArrayList<>(Collections.nCopies(CookieScan.MAX_FIELDS, "a=b"));
    fields.set(CookieScan.MAX_FIELDS - 1, "sid=last");
    fields.add("sid=beyond");

    assertThat(values(fields, "sid")).containsExactly("last");
  }

  @Test
  void seesCookiesThatEndWithinTheFirst64KiBOfAField() {
    String padding = "a=" + "b".repeat(CookieScan.SCAN_LIMIT - "a=;sid=x".length()) + ';';

    assertThat(values(List.of(padding + "sid=x"), "sid")).containsExactly("x");
    assertThat(values(List.of(padding + "sid=x;c=d"), "sid")).containsExactly("x");
    assertThat(values(List.of(padding + "sid=xy"), "sid")).isEmpty();
    assertThat(values(List.of('b' + padding + "sid=x"), "sid")).isEmpty();
    assertThat(values(List.of(padding + "sid=xy", "sid=z"), "sid")).containsExactly("z");
  }

  @Test
  void survivesCookieBombs() {
    assertThat(values(List.of("a=;".repeat(300_000), "sid=x"), "sid")).containsExactly("x");
    assertThat(values(List.of(";".repeat(1_000_000), " ".repeat(1_000_000)), "sid"))
        .isEmpty();
    assertThat(values(Collections.nCopies(100_000, "a="), "sid")).isEmpty();
    assertThat(values(List.of("sid".repeat(300_000)), "sid")).isEmpty();
  }
}
