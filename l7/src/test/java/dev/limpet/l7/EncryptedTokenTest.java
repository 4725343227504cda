package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Outcome;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncryptedTokenTest {
  private static final int TOKENS = 4_000;
  private static final int BYTES = 45;
  private static final double SIX_SIGMA = 6 * Math.sqrt(TOKENS) / 2;

  private final TokenKey key = new TokenKey(5, LbFixture.secret(1), "limpet-web", "web");
  private final LbFixture web = new LbFixture();
  private final Browser alice = new Browser();

  /** Made by a program in another language, with OpenSSL's AES-256-GCM, from the same inputs. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a|0|limpet-web|web|0|0|43599291884153|0|QAAAAAAAAAAAAAAAANGkamSvrJcWTbYe4MePAHwsy6e2qwhSvnsaC1jE05s7",
        "a|5|limpet-web|web|90000000|90000600|72057594037927935|7|RQABAgMEBQYHCAkKC28C6DVlhVJ76WlMfW91Zvrs_PRYBpuxllpaWs4Kz7by",
        "b|31|SERVERID|pool ü|4294967295|4294967295|1|255|X________________3DhxkjGNlHfsWuTkUUMRSLakRrw6GYUhZWGAXsSWzhj",
      })
  void isTheTokenOfItsInputs(
      char secret,
      int id,
      String cookie,
      String pool,
      long issuedAt,
      long lastSeen,
      long tag,
      int salt,
      String encoded) {
    TokenKey other = new TokenKey(id, SignedTokenTest.secret(secret), cookie, pool);

    LbToken token = other.read(encoded, 0, encoded.length());

    assertThat(token).isNotNull();
    assertThat(token.keyId()).isEqualTo(id);
    assertThat(token.issuedAt()).isEqualTo(issuedAt);
    assertThat(token.lastSeen()).isEqualTo(lastSeen);
    assertThat(token.tag()).isEqualTo(tag);
    assertThat(token.salt()).isEqualTo(salt);
    assertThat(token.encoded()).isEqualTo(encoded);
  }

  @Test
  void twoTokensOfOneSession_shareNothingButTheFirstByte() {
    int[] ones = new int[BYTES * Byte.SIZE];
    Set<String> nonces = new HashSet<>();
    for (int i = 0; i < TOKENS; i++) {
      byte[] bytes = key.encrypted(90, 91, 5, 6).bytes();
      nonces.add(Base64.getEncoder().encodeToString(bytes).substring(2, 16));
      for (int bit = 0; bit < ones.length; bit++) {
        ones[bit] += bytes[bit / Byte.SIZE] >> (7 - bit % Byte.SIZE) & 1;
      }
    }

    assertThat(nonces).hasSize(TOKENS);
    for (int bit = Byte.SIZE; bit < ones.length; bit++) {
      assertThat((double) ones[bit])
          .as("bit %s", bit)
          .isBetween(TOKENS / 2 - SIX_SIGMA, TOKENS / 2 + SIX_SIGMA);
    }
  }

  @Test
  void isSixtyCharactersLong() {
    alice.visit(web.router(b -> b.encrypted(true)));

    assertThat(alice.cookie(LbFixture.COOKIE)).matches("[A-Za-z0-9_-]{60}");
  }

  @Test
  void isOfNoOtherForm() {
    String encrypted = key.encrypted(90, 91, 5, 6).encoded();
    String signed = key.signed(90, 91, 5, 6).encoded();

    assertThat(key.read(signed, 0, signed.length())).isInstanceOf(SignedToken.class);
    assertThat(key.read(encrypted, 0, encrypted.length())).isInstanceOf(EncryptedToken.class);
    for (String half :
        new String[] {encrypted.substring(0, 44), signed + signed.substring(0, 16)}) {
      assertThat(TokenText.keyId(half, 0, half.length())).isEqualTo(TokenText.NONE);
    }
  }

  @Test
  void isTheSameTokenOnlyInEveryBit() {
    LbToken token = key.encrypted(90, 91, 5, 6);
    String text = token.encoded();
    LbToken read = key.read(text, 0, text.length());

    assertThat(read).isNotNull();
    assertThat(token.is(read)).isTrue();
    assertThat(token.is(key.encrypted(90, 91, 5, 6))).isFalse();
    assertThat(token.is(key.signed(90, 91, 5, 6))).isFalse();
    assertThat(key.signed(90, 91, 5, 6).is(token)).isFalse();
    assertThat(token.is("x" + text, 1, 61)).isTrue();
    assertThat(token.is(text, 0, 56)).isFalse();
  }

  @Test
  void carriesASessionThroughRefreshAndMove() {
    HttpRouter<Request, Response> router = web.router(b -> b.encrypted(true));
    String home = Browser.id(alice.visit(router));
    String first = alice.cookie(LbFixture.COOKIE);
    web.clock.advance(LbFixture.DURATION);
    assertThat(Browser.id(alice.visit(router))).isEqualTo(home);
    assertThat(alice.cookie(LbFixture.COOKIE)).hasSize(60).isNotEqualTo(first);

    web.pool.change(edit -> edit.down(home));
    assertThat(alice.visit(router).outcome()).isEqualTo(Outcome.MOVED);
    web.clock.advance(LbFixture.DURATION);

    assertThat(alice.visit(router).outcome()).isEqualTo(Outcome.KEPT);
    web.clock.advance(Duration.ofHours(1));
    assertThat(alice.visit(router).outcome()).isEqualTo(Outcome.NEW);
  }

  @Test
  void keepsItsKeyThroughAMove() {
    LbCookieAffinity<Request, Response> affinity = web.affinity(b -> b.encrypted(true));
    HttpRouter<Request, Response> router = HttpRouter.of(web.pool, affinity);
    String home = Browser.id(alice.visit(router));
    long before = affinity.key(alice.request());
    web.pool.change(edit -> edit.down(home));

    alice.visit(router);

    assertThat(before).isNotZero();
    assertThat(affinity.key(alice.request())).isEqualTo(before);
  }
}
