package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Pool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LbTokenTest {
  private static final String TOKEN = "IAVdSoAFXUzYJ6dATiJ5gAeN9WyTPKA54UTVg10ZKK4u";

  /** Made by a program in another language, with the standard library's HMAC, from the same inputs. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a|  0|limpet-web|web   |web1  |0         |0         |0  |IAAAAAAAAAAAJ6dATiJ5gABl9oCIlI92Y9xhKYhP1Waa",
        "a|  0|limpet-web|web   |web1  |90000000  |90000600  |7  |IAVdSoAFXUzYJ6dATiJ5gAeN9WyTPKA54UTVg10ZKK4u",
        "a|  5|limpet-web|web   |web2  |90000000  |90000600  |255|JQVdSoAFXUzYx3_nuAKIa__ngfwcsvQZVe1HyEBoCAxi",
        "b| 31|SERVERID  |pool ü|a@2   |4294967295|4294967295|128|P___________Orz94rhuaoCJDJJ5y-uC5rMtGwmmE8t0",
        "b| 31|SERVERID  |poo   |lü/a@2|1         |2         |3  |PwAAAAEAAAACkpSueVVYiQPNgyUhF_ml4Y0e6W0iBhWf",
      })
  void isTheTokenOfItsInputs(
      char secret,
      int id,
      String cookie,
      String pool,
      String backend,
      long issuedAt,
      long lastSeen,
      int salt,
      String encoded) {
    TokenKey key = new TokenKey(id, secret(secret), cookie, pool);
    long tag = key.tag(backend, Pool.of(pool).snapshot());

    assertThat(key.token(issuedAt, lastSeen, tag, salt).encoded()).isEqualTo(encoded);

    LbToken decoded = decode(encoded);
    assertThat(key.verifies(decoded)).isTrue();
    assertThat(decoded.keyId()).isEqualTo(id);
    assertThat(decoded.issuedAt()).isEqualTo(issuedAt);
    assertThat(decoded.lastSeen()).isEqualTo(lastSeen);
    assertThat(decoded.tag()).isEqualTo(tag);
    assertThat(decoded.salt()).isEqualTo(salt);
    assertThat(decoded.encoded()).isEqualTo(encoded);
  }

  @Test
  void sessionIsMadeOfIssuedAtAndSaltAlone() {
    assertThat(LbToken.of(1, 90, 91, 5, 255).session()).isEqualTo(90 << 8 | 255);
    assertThat(LbToken.of(2, 90, 95, 6, 255).session()).isEqualTo(90 << 8 | 255);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+", "/", "=", " ", "%", "\u0000", "\u00e9", "\u0141", "\uff21", "~", ".", "@", "[", "`",
        "{"
      })
  void hasTheUrlAlphabetOnly(String odd) {
    for (int i = 0; i < LbToken.LENGTH; i++) {
      String text = TOKEN.substring(0, i) + odd + TOKEN.substring(i + 1);

      assertThat(LbToken.decode(text, 0, text.length())).isNull();
    }
  }

  @Test
  void hasOneLengthOnly() {
    for (int length = 0; length < 100; length++) {
      String text = TOKEN.repeat(3).substring(0, length);

      assertThat(LbToken.decode(text, 0, length) != null).isEqualTo(length == LbToken.LENGTH);
    }
  }

  @Test
  void hasOneVersionOnly() {
    for (char first : "AEIMQUYcgkosw048".toCharArray()) {
      String text = first + TOKEN.substring(1);

      assertThat(LbToken.decode(text, 0, text.length()) != null)
          .isEqualTo(first == 'I' || first == 'M');
    }
  }

  @Test
  void isReadInPlace() {
    String text = "a=b; c=" + TOKEN + "; d=e";

    LbToken token = LbToken.decode(text, 7, 7 + LbToken.LENGTH);

    assertThat(token).isNotNull();
    assertThat(token.encoded()).isEqualTo(TOKEN);
  }

  @Test
  void toStringSaysNothingOfIt() {
    assertThat(decode(TOKEN)).hasToString("LbToken");
  }

  private static LbToken decode(String text) {
    LbToken token = LbToken.decode(text, 0, text.length());
    assertThat(token).isNotNull();
    return token;
  }

  private static byte[] secret(char name) {
    byte[] secret = new byte[name == 'a' ? 32 : 48];
    for (int i = 0; i < secret.length; i++) {
      secret[i] = (byte) (name == 'a' ? i : 255 - i);
    }
    return secret;
  }
}
