package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookieDateTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Wed, 09 Jun 2021 10:18:14 GMT     | 2021-06-09T10:18:14Z",
        "Wednesday, 09-Jun-21 10:18:14 GMT | 2021-06-09T10:18:14Z",
        "Wed Jun  9 10:18:14 2021          | 2021-06-09T10:18:14Z",
        "Thu, 01-Jan-1970 00:00:00 GMT     | 1970-01-01T00:00:00Z",
        "01 jan 70 0:0:0                   | 1970-01-01T00:00:00Z",
        "1 january 69 1:2:3                | 2069-01-01T01:02:03Z",
        "2021 9 jun 10:18:14               | 2021-06-09T10:18:14Z",
        "10:18:14 9 2021 june              | 2021-06-09T10:18:14Z",
        "9th jun 2021 10:18:14utc          | 2021-06-09T10:18:14Z",
        "31 Dec 1601 23:59:59              | 1601-12-31T23:59:59Z",
        "29 Feb 2024 00:00:00              | 2024-02-29T00:00:00Z",
        "9 jun 2021 10:18:14 +0200         | 2021-06-09T10:18:14Z",
        "31 Dec 9999 23:59:59 GMT          | 9999-12-31T23:59:59Z",
        "9:: Jun 2021 10:18:14             | 2021-06-09T10:18:14Z",
      })
  void readsWhatBrowsersRead(String text, Instant date) {
    assertThat(CookieDate.parse(text)).isEqualTo(date);
  }

  @Test
  void delimitersAreThoseOfTheStandard() {
    String delimiters = "\t !\"#$%&'()*+,-./;<=>?@[\\]^_`{|}~";
    for (char c = 0; c <= 0x100; c++) {
      Instant date = CookieDate.parse("9" + c + "Jun" + c + "2021" + c + "10:18:14");

      if (delimiters.indexOf(c) >= 0) {
        assertThat(date).as("%04x", (int) c).isEqualTo("2021-06-09T10:18:14Z");
      } else {
        assertThat(date).as("%04x", (int) c).isNull();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "never",
        "09 Jun 2021",
        "10:18:14",
        "Jun 2021 10:18:14",
        "9 2021 10:18:14",
        "9 Jun 10:18:14",
        "32 Jan 2021 10:18:14",
        "0 Jan 2021 10:18:14",
        "29 Feb 2023 00:00:00",
        "9 Jun 1600 10:18:14",
        "9 Jun 2021 24:00:00",
        "9 Jun 2021 23:60:00",
        "9 Jun 2021 23:59:60",
        "9 Jun 2021 23:59",
        "9 Jun 2021 123:00:00",
        "9 Jun 20215 10:18:14",
        "9 Jux 2021 10:18:14",
        "9 Ju 2021 10:18:14",
        ":::::",
        "9 Jun 2021 10x18:14",
        "9 Jun 2021 10:18x14",
        "9 Jun 2021 ::",
        "\u0664 Jun 2021 10:18:14"
      })
  void refusesTheRest(String text) {
    assertThat(CookieDate.parse(text)).isNull();
  }
}
