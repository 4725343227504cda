package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Of tokens of key 1, signed and encrypted. */
@ParameterizedClass
@ValueSource(
    strings = {
      "IQVdSoAFXUzYJ6dATiJ5gAeN9WyTPKA54UTVg10ZKK4u",
      "QQVdSoAFXUzYJ6dATiJ5gAeN9WyTPKA54UTVg10ZKK4u0123456789abcdef"
    })
class TokenTextTest {
  private final String token;

  TokenTextTest(String token) {
    this.token = token;
  }

  @Test
  void aTokenNamesItsKey() {
    assertThat(keyId(token)).isEqualTo(1);
    assertThat(keyId(token.charAt(0) + "A" + token.substring(2))).isEqualTo(0);
    assertThat(keyId((char) (token.charAt(0) + 7) + "_" + token.substring(2))).isEqualTo(31);
  }

  @Test
  void aTokenHasTheUrlAlphabetOnly() {
    for (String odd : new String[] {
      "+", "/", "=", " ", "%", "\u0000", "\u00e9", "\u0141", "\uff21", "~", ".", "@", "[", "`", "{"
    }) {
      for (int i = 0; i < token.length(); i++) {
        assertThat(keyId(token.substring(0, i) + odd + token.substring(i + 1)))
            .isEqualTo(TokenText.NONE);
      }
    }
  }

  @Test
  void aTokenHasOneLengthOnly() {
    for (int length = 0; length < 150; length++) {
      String text = token.repeat(4).substring(0, length);

      assertThat(keyId(text)).isEqualTo(length == token.length() ? 1 : TokenText.NONE);
    }
  }

  @Test
  void aTokenHasOneVersionOnly() {
    int versions = 0;
    for (char first : "AEIMQUYcgkosw048".toCharArray()) {
      versions += (keyId(first + token.substring(1)) == TokenText.NONE) ? 0 : 1;
    }

    assertThat(versions).isEqualTo(2); // one bit of the first character is of the key's number
  }

  @Test
  void aTokenIsFoundWithinAText() {
    assertThat(TokenText.keyId("a=" + token + "; b", 2, 2 + token.length())).isEqualTo(1);
  }

  private static int keyId(String text) {
    return TokenText.keyId(text, 0, text.length());
  }
}
