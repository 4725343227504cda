package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Pool;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignedTokenTest {
  private static final String TOKEN = "IAVdSoAFXUzYJ6dATiJ5gAeN9WyTPKA54UTVg10ZKK4u";

  /**
   * Made by a program in another language, with the standard library's HMAC, from the same inputs.
   */
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

    assertThat(key.signed(issuedAt, lastSeen, tag, salt).encoded()).isEqualTo(encoded);

    LbToken decoded = key.read(encoded, 0, encoded.length());
    assertThat(decoded).isNotNull();
    assertThat(TokenText.keyId(encoded, 0, encoded.length())).isEqualTo(id);
    assertThat(decoded.keyId()).isEqualTo(id);
    assertThat(decoded.issuedAt()).isEqualTo(issuedAt);
    assertThat(decoded.lastSeen()).isEqualTo(lastSeen);
    assertThat(decoded.tag()).isEqualTo(tag);
    assertThat(decoded.salt()).isEqualTo(salt);
    assertThat(decoded.encoded()).isEqualTo(encoded);
  }

  @Test
  void sessionIsMadeOfIssuedAtAndSaltAlone() {
    assertThat(SignedToken.of(1, 90, 91, 5, 255).session()).isEqualTo(90 << 8 | 255);
    assertThat(SignedToken.of(2, 90, 95, 6, 255).session()).isEqualTo(90 << 8 | 255);
  }

  @Test
  void anotherSecretOrCookieOrPool_givesAnotherTag() {
    assertThat(List.of(
            tag('a', "limpet-web", "web"),
            tag('b', "limpet-web", "web"),
            tag('a', "SERVERID", "web"),
            tag('a', "limpet-web", "db")))
        .doesNotHaveDuplicates();
  }

  @Test
  void isReadInPlace() {
    String text = "a=b; c=" + TOKEN + "; d=e";

    assertThat(SignedToken.read(text, 7).encoded()).isEqualTo(TOKEN);
  }

  @Test
  void toStringSaysNothingOfIt() {
    assertThat(SignedToken.read(TOKEN, 0)).hasToString("LbToken");
  }

  private static long tag(char secret, String cookie, String pool) {
    TokenKey key = new TokenKey(0, secret(secret), cookie, pool);
    return key.tag("web1", Pool.of(pool).snapshot());
  }

  static byte[] secret(char name) {
    byte[] secret = new byte[name == 'a' ? 32 : 48];
    for (int i = 0; i < secret.length; i++) {
      secret[i] = (byte) (name == 'a' ? i : 255 - i);
    }
    return secret;
  }
}
