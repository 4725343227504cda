package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Environment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CookieKeysTest {
  private static final byte[] SECRET =
      "0123456789abcdef0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  @Test
  void toStringShowsNumbersOnly() {
    CookieKeys keys = CookieKeys.builder()
        .signing(7, SECRET)
        .verifyOnly(31, SECRET)
        .verifyOnly(0, SECRET)
        .build();

    assertThat(keys).hasToString("CookieKeys[0, 7 signing, 31]");
  }

  @Test
  void aSecretIsNotNull() {
    assertThatThrownBy(() -> CookieKeys.builder().signing(1, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("secret");
  }

  @Test
  void keepsCopiesOfSecrets() {
    byte[] secret = SECRET.clone();
    CookieKeys keys = CookieKeys.builder().signing(0, secret).build();

    Arrays.fill(secret, (byte) 0);

    assertThat(keys.secrets().get(0)).isEqualTo(SECRET);
  }

  @Test
  void randomRingsDiffer() {
    assertThat(CookieKeys.random().secrets().get(0))
        .isNotEqualTo(CookieKeys.random().secrets().get(0));
  }

  @Test
  void of_makesTheSameKeyOfTheSameSecret_andItIsNotTheSecret() {
    CookieKeys keys = CookieKeys.of(Environment.of(SECRET));
    byte[] key = keys.secrets().get(0);

    assertThat(keys).hasToString("CookieKeys[0 signing]");
    assertThat(CookieKeys.of(Environment.of(SECRET)).secrets().get(0)).isEqualTo(key);
    assertThat(CookieKeys.of(Environment.of(LbFixture.secret(1))).secrets().get(0))
        .isNotEqualTo(key);
    assertThat(key).isNotEqualTo(SECRET).isNotEqualTo(Environment.of(SECRET).secret("other"));
  }

  @Test
  void aBuilderCanBeUsedAgain() {
    CookieKeys.Builder builder = CookieKeys.builder().verifyOnly(1, SECRET);
    assertThatThrownBy(builder::build).hasMessage("signing: absent (expected: one signing key)");

    CookieKeys first = builder.signing(2, SECRET).build();
    builder.verifyOnly(3, SECRET).build();

    assertThat(first).hasToString("CookieKeys[1, 2 signing]");
  }

  @Test
  void reportsAllFaultsTogetherAndNoSecret() {
    CookieKeys.Builder builder = CookieKeys.builder()
        .signing(32, SECRET)
        .signing(1, SECRET)
        .verifyOnly(1, SECRET)
        .verifyOnly(-1, Arrays.copyOf(SECRET, 31));

    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("id: 32 (expected: 0..31);"
            + " signing: 1 (expected: only one signing key; 32 signs already);"
            + " id: 1 (expected: a different number for each key); id: -1 (expected: 0..31);"
            + " secret of key -1: 31 bytes (expected: 32 or more)");
  }

  @Test
  void aRotation_isThreeCopies() {
    byte[] other = Arrays.copyOf(SECRET, 40);
    CookieKeys old = CookieKeys.builder().signing(1, SECRET).build();

    CookieKeys announced = old.with(2, other);
    CookieKeys switched = announced.signingBy(2);
    CookieKeys replaced = switched.without(1);

    assertThat(announced).hasToString("CookieKeys[1 signing, 2]");
    assertThat(switched).hasToString("CookieKeys[1, 2 signing]");
    assertThat(replaced).hasToString("CookieKeys[2 signing]");
    assertThat(replaced.secrets().get(2)).isEqualTo(other);
    assertThat(old).hasToString("CookieKeys[1 signing]");
  }

  @Test
  void aStepOutOfOrder_isRefused() {
    CookieKeys keys = CookieKeys.builder().signing(1, SECRET).build();

    assertThatThrownBy(() -> keys.signingBy(2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("id: 2 (expected: one of [1])");
    assertThatThrownBy(() -> keys.without(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("id: 1 (expected: not the signing key)");
    assertThatThrownBy(() -> keys.without(3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("id: 3 (expected: one of [1])");
    assertThatThrownBy(() -> keys.with(1, SECRET))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("id: 1 (expected: a different number for each key)");
  }
}
