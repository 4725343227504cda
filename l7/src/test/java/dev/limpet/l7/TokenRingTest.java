package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Reason;
import dev.limpet.core.StickySession;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Of signed and of encrypted tokens. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class TokenRingTest {
  private static final int FLOOD = 2_000;

  private final LbFixture web = new LbFixture();
  private final boolean encrypted;
  private final TokenRing ring;
  private final LbToken token;
  private final List<String> cookies;

  TokenRingTest(boolean encrypted) {
    this.encrypted = encrypted;
    this.ring = ring();
    this.token = ring.begun("a", web.pool.snapshot());
    this.cookies = cookies(token.encoded());
  }

  @Test
  void aTokenThatWasVerified_isFoundAgain() {
    LbToken found = ring.find(cookies);

    assertThat(found).isNotNull().isNotSameAs(token);
    assertThat(found.is(token)).isTrue();
    assertThat(ring.find(cookies)).isSameAs(found);
    assertThat(ring.findLate(cookies)).isSameAs(found);
    assertThat(ring.find(cookies("x", token.encoded()))).isSameAs(found);
  }

  @Test
  void aTokenThatWasVerifiedInTheResponse_isFoundAgain() {
    LbToken found = ring.findLate(cookies);

    assertThat(ring.find(cookies)).isSameAs(found);
  }

  @Test
  void aTokenThatWasVerified_expires() {
    LbToken found = ring.find(cookies);
    web.clock.advance(LbFixture.DURATION.plus(LbFixture.THRESHOLD).minusSeconds(1));
    assertThat(ring.find(cookies)).isSameAs(found);

    web.clock.advance(Duration.ofSeconds(1));

    assertThat(ring.find(cookies)).isNull();
    assertThat(ring.reason(cookies)).isEqualTo(Reason.EXPIRED);
    assertThat(ring.findLate(cookies)).isSameAs(found);
  }

  @Test
  void aTokenThatWasVerified_isFromTheFutureWhenTheClockIsSetBack() {
    ring.find(cookies);

    web.clock.advance(Duration.ofSeconds(-61));

    assertThat(ring.find(cookies)).isNull();
    assertThat(ring.reason(cookies)).isEqualTo(Reason.FUTURE);
  }

  @Test
  void aTokenThatIsNotAlive_isNotKept() {
    web.clock.advance(Duration.ofDays(1));
    assertThat(ring.find(cookies)).isNull();

    assertThat(ring.findLate(cookies)).isNotSameAs(ring.findLate(cookies));

    web.clock.advance(Duration.ofDays(-2));
    assertThat(ring.findLate(cookies)).isNotSameAs(ring.findLate(cookies));
  }

  @Test
  void ofTokensThatAreNotAlive_theLatestCounts() {
    web.clock.advance(Duration.ofMinutes(1));
    LbToken later = ring.begun("b", web.pool.snapshot());
    web.clock.advance(Duration.ofDays(1));

    assertThat(ring.findLate(cookies(token.encoded(), later.encoded())).is(later))
        .isTrue();
    assertThat(ring.findLate(cookies(later.encoded(), token.encoded())).is(later))
        .isTrue();
  }

  @Test
  void aForgedToken_isForgedEachTime() {
    byte[] bytes = token.bytes();
    bytes[5]++;
    List<String> forged = cookies(LbFixture.text(bytes));

    for (int i = 0; i < 3; i++) {
      assertThat(ring.find(forged)).isNull();
      assertThat(ring.findLate(forged)).isNull();
      assertThat(ring.reason(forged)).isEqualTo(Reason.FORGED);
    }
  }

  @Test
  void aChangedCopyOfATokenThatWasVerified_isForged() {
    ring.find(cookies);

    for (int bit = Byte.SIZE; bit < token.bytes().length * Byte.SIZE; bit++) {
      byte[] bytes = token.bytes();
      bytes[bit / Byte.SIZE] ^= (byte) (0x80 >> (bit % Byte.SIZE));
      List<String> changed = cookies(LbFixture.text(bytes));

      assertThat(ring.find(changed)).as("bit %s", bit).isNull();
      assertThat(ring.reason(changed)).isEqualTo(Reason.FORGED);
    }
  }

  @Test
  void aFloodOfForgedTokens_displacesNothing() {
    LbToken found = ring.find(cookies);
    Random random = new Random(1);
    for (int i = 0; i < FLOOD; i++) {
      byte[] bytes = token.bytes();
      for (int at = 9; at < bytes.length - 2; at++) {
        bytes[at] = (byte) random.nextInt();
      }
      ring.find(cookies(LbFixture.text(bytes)));
    }

    assertThat(ring.find(cookies)).isSameAs(found);
  }

  @Test
  void anotherRing_verifiesItsTokensItself() {
    LbToken found = ring.find(cookies);

    assertThat(ring().find(cookies)).isNotNull().isNotSameAs(found);
  }

  @Test
  void firstValidTokenWins_whicheverWasVerifiedBefore() {
    LbToken other = ring.begun("b", web.pool.snapshot());
    LbToken found = ring.find(cookies(other.encoded()));

    assertThat(ring.find(cookies(token.encoded(), other.encoded())).is(token)).isTrue();
    assertThat(ring.find(cookies(other.encoded(), token.encoded()))).isSameAs(found);
  }

  private TokenRing ring() {
    StickySession session = LbFixture.sessions();
    TokenLife life = new TokenLife(session, LbFixture.THRESHOLD, web.clock);
    return new TokenRing(web.keys, LbFixture.COOKIE, "web", life, encrypted);
  }

  private static List<String> cookies(String... values) {
    return List.of(LbFixture.COOKIE + '=' + String.join("; " + LbFixture.COOKIE + '=', values));
  }
}
