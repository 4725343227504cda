package dev.limpet.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HttpTokenTest {

  @Test
  void legalCharacters_areThoseOfTheSpecification() {
    String legal = IntStream.rangeClosed(0, 0x180)
        .mapToObj(c -> String.valueOf((char) c))
        .filter(text -> HttpToken.firstIllegal(text) < 0)
        .collect(Collectors.joining());
    assertThat(legal)
        .isEqualTo("!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~");
  }

  @Test
  void rule_namesTheFirstIllegalCharacter() {
    assertThat(HttpToken.rule("a b;c")).isEqualTo("an RFC 6265 token; ' ' at index 1");
    assertThat(HttpToken.rule("\u007fa")).isEqualTo("an RFC 6265 token; '\\u007f' at index 0");
    assertThat(HttpToken.rule("")).isEqualTo("an RFC 6265 token");
  }

  @Test
  void quoted_showsNoControlCharacters() {
    assertThat(HttpToken.quoted("a ~\u001f\u007f\n\u00e9"))
        .isEqualTo("\"a ~\\u001f\\u007f\\u000a\\u00e9\"");
  }
}
