package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Reason;
import dev.limpet.core.StickySession;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The format of the tokens of a field. */
class HeaderRingTest {
  private static final StickySession DAY = StickySession.custom()
      .withMode(StickySession.Mode.ABSOLUTE)
      .withDuration(Duration.ofHours(24));
  private static final long EPOCH_2024 = 1_704_067_200;

  private final TestClock clock = new TestClock();

  private HeaderRing ring(CookieKeys keys, String kind, String pool) {
    return new HeaderRing(keys, kind, pool, new TokenLife(DAY, Duration.ofSeconds(1), clock));
  }

  private static CookieKeys keys(int id, char secret) {
    return CookieKeys.builder().signing(id, LbFixture.secret(secret)).build();
  }

  /** Made by a program in another language, with another AES-256-GCM, from the same inputs. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a|0|sealed x-session|web|0|56356679181716552|x||YAAAAAAAAAAAAAAAADTjjn7N58UicTrjULYp7E29W7BJtM8j42kOjZM5",
        "a|5|sealed mcp-session-id|web|90000000|15269990803511326|1868a90c-7a0b-4e1a|alice|ZQABAgMEBQYHCAkKC_CLdwRvbDa7cQDjTmGMiGcG4vbs24m5eLuUpP0Xxn1pcmCkyZPpF6iPGRvA-GU",
        "b|31|issued x-session|pool ü|4294967295|13039739090334765|3w5e11264sgsf|é|f________________59FlQUrp5Ev9ebtO84_aIR0mKAUetdUj_DxU4Wb2_OkMU5qwsvqsKSK",
      })
  void isTheTokenOfItsInputs(
      char secret,
      int id,
      String kind,
      String pool,
      long issuedAt,
      long tag,
      String original,
      String principal,
      String text) {
    clock.set(Instant.ofEpochSecond(EPOCH_2024 + issuedAt));

    HeaderToken token = ring(keys(id, secret), kind, pool).open(text, principal);

    assertThat(token.fault()).isNull();
    assertThat(token.keyId()).isEqualTo(id);
    assertThat(token.issuedAt()).isEqualTo(issuedAt);
    assertThat(token.tag()).isEqualTo(tag);
    assertThat(token.original()).isEqualTo(original);
  }

  @Test
  void aTokenOfMinimumLength_isOneOfAnEmptyValue() {
    HeaderFixture web = new HeaderFixture();
    HeaderRing ring = ring(keys(1, 'a'), "sealed x", "web");
    String token = ring.seal("", "a", null, web.pool.snapshot());

    assertThat(token).hasSize(HeaderRing.length(0));
    assertThat(ring.open(token, null).original()).isEmpty();
    assertThat(ring.open(token.substring(1), null).fault()).isNotNull();
  }

  @Test
  void everyKey_hasItsNumberInTheFirstByte() {
    HeaderFixture web = new HeaderFixture();
    for (int id = 0; id <= CookieKeys.MAX_ID; id++) {
      HeaderRing ring = ring(keys(id, 'a'), "sealed x", "web");
      String token = ring.seal("id", "a", null, web.pool.snapshot());
      assertThat(ring.open(token, null).keyId()).isEqualTo(id);
      assertThat(ring.open(token, null).original()).isEqualTo("id");
      assertThat(ring(keys((id + 1) % 32, 'a'), "sealed x", "web")
              .open(token, null)
              .fault())
          .isEqualTo(Reason.UNKNOWN_KEY);
    }
  }

  @Test
  void aTokenOfALaterTime_isFuture_andOfAnEarlierOneExpired() {
    HeaderFixture web = new HeaderFixture();
    HeaderRing ring = ring(keys(1, 'a'), "sealed x", "web");
    String token = ring.seal("id", "a", null, web.pool.snapshot());

    clock.advance(Duration.ofSeconds(-61));
    assertThat(ring.open(token, null).fault()).isEqualTo(Reason.FUTURE);
    clock.advance(Duration.ofSeconds(61).plus(DAY.duration()));
    assertThat(ring.open(token, null).fault()).isNull();
    clock.advance(Duration.ofSeconds(1));
    assertThat(ring.open(token, null).fault()).isEqualTo(Reason.EXPIRED);
    assertThat(ring.open(token, null).original()).isEqualTo("id");
  }

  @Test
  void theKey_isDerivedOnceAndNotForEachRequest() {
    HeaderFixture web = new HeaderFixture();
    PoolSnapshot members = web.pool.snapshot();
    HeaderRing ring = ring(keys(1, 'a'), "sealed x", "web");
    TagIndex first = ring.open(ring.seal("i", "a", null, members), null).index(members);
    TagIndex second = ring.open(ring.seal("j", "b", null, members), null).index(members);

    assertThat(second).isSameAs(first);
  }
}
