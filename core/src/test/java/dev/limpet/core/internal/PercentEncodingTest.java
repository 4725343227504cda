package dev.limpet.core.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PercentEncodingTest {

  @Test
  void utf8_isThatOfTheJdk_unlessASurrogateIsUnpaired() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      String text = Character.toString(c);
      byte[] octets = PercentEncoding.utf8(text);
      if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
        assertThat(Arrays.equals(octets, text.getBytes(StandardCharsets.UTF_8))).isTrue();
      } else {
        assertThat(octets).hasSize(3).startsWith(0xED);
      }
    }
  }

  @Test
  void encoded_isDecodedByTheJdk() {
    String text = "a b+%@\u007f\u00fc\u20ac\ud83d\ude00\n";

    String encoded = PercentEncoding.encoded(PercentEncoding.utf8(text), c -> c == 'a' || c == 'b');

    assertThat(encoded).isEqualTo("a%20b%2B%25%40%7F%C3%BC%E2%82%AC%F0%9F%98%80%0A");
    assertThat(URLDecoder.decode(encoded, StandardCharsets.UTF_8)).isEqualTo(text);
  }
}
