package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Of a signed and of an encrypted token. */
@ParameterizedClass
@ValueSource(booleans = {false, true})
class LbCookieRejectionTest {
  private final LbFixture web = new LbFixture();
  private final Browser alice = new Browser();
  private final String token;

  LbCookieRejectionTest(boolean encrypted) {
    alice.visit(web.router(b -> b.encrypted(encrypted)));
    token = alice.cookie(LbFixture.COOKIE);
  }

  @Test
  void everyFlippedBit_isRejectedForItsReason() {
    for (int bit = 0; bit < token.length() * 6; bit++) {
      byte[] bytes = LbFixture.bytes(token);
      bytes[bit / 8] ^= (byte) (0x80 >> (bit % 8));
      Reason reason = (bit < 3) ? Reason.MALFORMED : (bit < 8) ? Reason.UNKNOWN_KEY : Reason.FORGED;

      assertRejected(LbFixture.text(bytes), reason);
    }
  }

  @Test
  void everyTruncationAndExtension_isMalformed() {
    for (int length = 0; length < token.length(); length++) {
      assertRejected(token.substring(0, length), Reason.MALFORMED);
      if (length != TokenText.SIGNED_LENGTH) { // by chance, it is one that nobody signed
        assertRejected(token.substring(token.length() - length), Reason.MALFORMED);
      }
    }
    for (char c : "A_-=+/%\"x0".toCharArray()) {
      assertRejected(token + c, Reason.MALFORMED);
      assertRejected(c + token, Reason.MALFORMED);
    }
  }

  static Stream<String> otherSpellings() {
    String t = "%s";
    return Stream.of(
        "\"" + t + "\"",
        t + "=",
        t + "==",
        t + " x",
        "x " + t,
        t + "," + t,
        t + "\u0000",
        t + "\r",
        "'" + t + "'",
        "\ufeff" + t,
        t + "\u00a0");
  }

  @ParameterizedTest
  @MethodSource("otherSpellings")
  void otherSpellings_areMalformed(String format) {
    assertRejected(format.replace("%s", token), Reason.MALFORMED);
  }

  @Test
  void spellingsWithinTheToken_areMalformed() {
    for (int i = 0; i < token.length(); i++) {
      String head = token.substring(0, i);
      String tail = token.substring(i + 1);
      for (String odd :
          new String[] {"+", "/", "=", " ", "\t", ".", "\u0080", "\u0430", "\u0100"}) {
        String other = head + odd + tail;
        assertRejected(other, Reason.MALFORMED);
      }
      assertRejected(
          head + String.format("%%%02X", (int) token.charAt(i)) + tail, Reason.MALFORMED);
    }
  }

  @ParameterizedTest
  @CsvSource({"60000", "65000", "65524", "65525", "70000", "10000000"})
  void hugeValues_areNoSessions(int length) {
    Reason reason = (length <= 65_536 - "limpet-web=".length()) ? Reason.MALFORMED : Reason.UNKNOWN;

    assertRejected("A".repeat(length), reason);
  }

  @Test
  void emptyValue_isMalformed() {
    assertRejected("", Reason.MALFORMED);
  }

  @Test
  void tokenOfAnotherPool_isForged() {
    Pool other =
        Pool.of("shop", LbFixture.backend("a"), LbFixture.backend("b"), LbFixture.backend("c"));
    LbCookieAffinity<Request, Response> affinity = LbCookieAffinity.builder(other, Response.ACCESS)
        .session(LbFixture.sessions().withCookieName(LbFixture.COOKIE))
        .keys(web.keys)
        .environment(web.environment)
        .build();
    Browser bob = new Browser();
    bob.visit(HttpRouter.of(other, affinity));

    assertRejected(bob.cookie(LbFixture.COOKIE), Reason.FORGED);
    assertThat(HttpRouter.of(other, affinity).route(alice.request()).reason())
        .isEqualTo(Reason.FORGED);
  }

  @Test
  void tokenOfAnotherCookie_isForged() {
    HttpRouter<Request, Response> other =
        web.router(b -> b.session(LbFixture.sessions().withCookieName("other")));
    Browser bob = new Browser();
    bob.visit(other);

    assertRejected(bob.cookie("other"), Reason.FORGED);
    assertThat(other.route(Request.of("other=" + token)).reason()).isEqualTo(Reason.FORGED);
  }

  @Test
  void poolAndCookieNames_cannotBeShiftedIntoEachOther() {
    Pool pool = Pool.of("bc", LbFixture.backend("a"));
    Pool shifted = Pool.of("c", LbFixture.backend("a"));
    Browser bob = new Browser();
    bob.visit(HttpRouter.of(pool, affinity(pool, "a")));

    Route route =
        HttpRouter.of(shifted, affinity(shifted, "ab")).route(Request.of("ab=" + bob.cookie("a")));

    assertThat(route.reason()).isEqualTo(Reason.FORGED);
  }

  @Test
  void tokenOfTheSameCookieUnderItsPrefix_isValid() {
    HttpRouter<Request, Response> secure = web.router(b -> b.secure(true));

    assertThat(secure.route(Request.of("__Host-limpet-web=" + token)).outcome())
        .isEqualTo(Outcome.KEPT);
  }

  @Test
  void tokenOfAnotherSecret_isForged() {
    CookieKeys keys = CookieKeys.builder().signing(1, LbFixture.secret(2)).build();

    assertThat(web.router(b -> b.keys(keys)).route(alice.request()).reason())
        .isEqualTo(Reason.FORGED);
  }

  @Test
  void tokenOfARetiredKey_isOfAnUnknownKey() {
    CookieKeys keys = CookieKeys.builder().signing(2, LbFixture.secret(1)).build();

    assertThat(web.router(b -> b.keys(keys)).route(alice.request()).reason())
        .isEqualTo(Reason.UNKNOWN_KEY);
  }

  @Test
  void tokenOfTheSameSecretUnderAnotherNumber_isForged() {
    byte[] bytes = LbFixture.bytes(token);
    bytes[0] = (byte) (bytes[0] + 1);
    CookieKeys keys = CookieKeys.builder().signing(2, LbFixture.secret(1)).build();

    Route route =
        web.router(b -> b.keys(keys)).route(Request.of("limpet-web=" + LbFixture.text(bytes)));

    assertThat(route.reason()).isEqualTo(Reason.FORGED);
  }

  @Test
  void firstValidTokenWins() {
    Browser bob = new Browser();
    bob.visit(web.router);
    String other = bob.cookie(LbFixture.COOKIE);
    String home = Browser.id(web.router.route(alice.request()));
    String bobs = Browser.id(web.router.route(bob.request()));
    assertThat(bobs).isNotEqualTo(home);

    assertThat(idOf("limpet-web=" + token + "; limpet-web=" + other)).isEqualTo(home);
    assertThat(idOf("limpet-web=" + other + "; limpet-web=" + token)).isEqualTo(bobs);
    assertThat(idOf("limpet-web=; limpet-web=x; limpet-web=" + token)).isEqualTo(home);
    assertThat(idOf("a=\"; limpet-web=" + token + "; b=\"")).isEqualTo(home);
    assertThat(idOf("a=1", "limpet-web=bad", "b=2; limpet-web=" + token)).isEqualTo(home);
    assertThat(idOf("limpet-web=bad; ".repeat(7) + "limpet-web=" + token)).isEqualTo(home);
    assertThat(web.router
            .route(Request.of("limpet-web=bad; ".repeat(8) + "limpet-web=" + token))
            .reason())
        .isEqualTo(Reason.MALFORMED);
  }

  @Test
  void expiredTokenBeforeAValidOne_doesNotCount() {
    web.clock.advance(Duration.ofDays(1));
    Browser bob = new Browser();
    bob.visit(web.router);

    Route route = web.router.route(Request.of("limpet-web=" + token + "; " + bob.cookies()));

    assertThat(route.outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void reasonIsThatOfTheFirstCookie() {
    String forged = LbFixture.text(new byte[33]).replaceFirst("^.", "I").replaceFirst("^..", "IQ");

    assertThat(reasonOf("limpet-web=x; limpet-web=" + forged)).isEqualTo(Reason.MALFORMED);
    assertThat(reasonOf("limpet-web=" + forged + "; limpet-web=x")).isEqualTo(Reason.FORGED);
    assertThat(reasonOf("Limpet-Web=" + token)).isEqualTo(Reason.UNKNOWN);
    assertThat(reasonOf("=limpet-web=" + token)).isEqualTo(Reason.UNKNOWN);
    assertThat(reasonOf("a=\"limpet-web=" + token + "\"")).isEqualTo(Reason.UNKNOWN);
    assertThat(reasonOf("a=1, limpet-web=" + token)).isEqualTo(Reason.UNKNOWN);
  }

  private LbCookieAffinity<Request, Response> affinity(Pool pool, String cookie) {
    return LbCookieAffinity.builder(pool, Response.ACCESS)
        .session(LbFixture.sessions().withCookieName(cookie))
        .keys(web.keys)
        .environment(web.environment)
        .build();
  }

  private void assertRejected(String value, Reason reason) {
    Route route = web.router.route(Request.of("limpet-web=" + value));

    assertThat(route.outcome()).isEqualTo(Outcome.NEW);
    assertThat(route.reason()).as(value).isEqualTo(reason);
  }

  private String idOf(String... fields) {
    Route route = web.router.route(Request.of(fields));
    assertThat(route.outcome()).isEqualTo(Outcome.KEPT);
    return Browser.id(route);
  }

  private Reason reasonOf(String... fields) {
    return web.router.route(Request.of(fields)).reason();
  }
}
