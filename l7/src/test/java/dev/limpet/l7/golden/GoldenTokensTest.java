package dev.limpet.l7.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.EnumSource.Mode.EXCLUDE;
import static org.junit.jupiter.params.provider.EnumSource.Mode.MATCH_ALL;

import dev.limpet.core.Backend;
import dev.limpet.core.Reason;
import dev.limpet.core.Recall;
import dev.limpet.l7.CookieKeys;
import dev.limpet.l7.HttpRouter;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Tokens that an earlier version made have the meaning that they had there. */
@ParameterizedClass
@MethodSource("dev.limpet.l7.golden.GoldenTokens#versions")
class GoldenTokensTest {
  private static final String HOME = GoldenTokens.HOME.name();
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final Instant SEEN = Proxy.BEGIN.plus(GoldenTokens.REFRESHED);
  private static final int VERSION_BITS = 5;

  private final String version;
  private final CookieKeys keys;
  private final Proxy proxy;

  GoldenTokensTest(String version) {
    this.version = version;
    this.keys = GoldenTokens.keys(version);
    this.proxy = proxy(keys);
    proxy.now = SEEN;
  }

  private static Proxy proxy(CookieKeys keys) {
    return new Proxy(
        keys,
        Backend.of("web1", "10.0.0.1", 80),
        GoldenTokens.HOME,
        Backend.of("web3", "10.0.0.3", 80));
  }

  private String token(Kind kind) {
    return GoldenTokens.token(version, kind);
  }

  private Recall recall(Kind kind) {
    return proxy.router(kind).peek(kind.request(token(kind)));
  }

  private void assertHomeUntil(Kind kind, Instant last) {
    proxy.now = last;
    assertThat(recall(kind).name()).isEqualTo(HOME);
    proxy.now = last.plusSeconds(1);
    assertThat(recall(kind).reason()).isEqualTo(Reason.EXPIRED);
  }

  @ParameterizedTest
  @EnumSource
  void tokens_referToTheirBackend(Kind kind) {
    assertThat(recall(kind).name()).isEqualTo(HOME);
    assertThat(proxy.router(kind).route(kind.request(token(kind)))).hasToString("KEPT " + HOME);
  }

  @ParameterizedTest
  @EnumSource(mode = MATCH_ALL, names = "LB_.*")
  void lbCookies_endByTheirLastUse_andByTheirBeginning(Kind kind) {
    Duration durationAndThreshold = Duration.ofMinutes(17);
    assertHomeUntil(kind, SEEN.plus(durationAndThreshold).minusSeconds(1));

    proxy.session = Proxy.ABSOLUTE;
    assertHomeUntil(kind, Proxy.BEGIN.plus(Duration.ofHours(1)));
  }

  @ParameterizedTest
  @EnumSource(mode = MATCH_ALL, names = "LB_.*")
  void lbCookies_areFromTheFuture_aMinuteBeforeTheirLastUse(Kind kind) {
    proxy.now = SEEN.minusSeconds(60);
    assertThat(recall(kind).name()).isEqualTo(HOME);
    proxy.now = SEEN.minusSeconds(61);
    assertThat(recall(kind).reason()).isEqualTo(Reason.FUTURE);
  }

  @ParameterizedTest
  @EnumSource(mode = MATCH_ALL, names = "LB_.*")
  void lbCookies_areReadUnderTheHostPrefixToo(Kind kind) {
    proxy.secure = true;

    assertThat(proxy
            .router(kind)
            .peek(kind.named("__Host-limpet-web", token(kind)))
            .name())
        .isEqualTo(HOME);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EXCLUDE,
      names = {"LB_SIGNED", "LB_ENCRYPTED", "LB_DERIVED"})
  void prefixesAndHeaders_endADayAfterTheirBeginning(Kind kind) {
    assertHomeUntil(kind, Proxy.BEGIN.plus(Duration.ofDays(1)));
  }

  @ParameterizedTest
  @EnumSource(names = {"HEADER_SEALED", "HEADER_BOUND", "MCP_SEALED"})
  void sealedHeaders_haveTheIdOfTheBackend(Kind kind) {
    assertThat(proxy.router(kind).fieldsToBackend(kind.request(token(kind))))
        .isEqualTo(Map.of(kind.field(), List.of(Kind.APPLICATION_ID)));
  }

  @ParameterizedTest
  @EnumSource(mode = MATCH_ALL, names = "PREFIX_.*")
  void prefixes_areRemovedOnTheWayToTheBackend(Kind kind) {
    assertThat(proxy.router(kind).fieldsToBackend(kind.request(token(kind))))
        .isEqualTo(Map.of("Cookie", List.of(kind.field() + '=' + Kind.APPLICATION_ID)));
  }

  @Test
  void issuedHeaders_areRemovedOnTheWayToTheBackend() {
    Kind kind = Kind.HEADER_ISSUED;

    assertThat(proxy.router(kind).fieldsToBackend(kind.request(token(kind))))
        .isEqualTo(Map.of(kind.field(), List.of()));
  }

  @Test
  void boundHeader_isForgedForAnotherUser() {
    Kind kind = Kind.HEADER_BOUND;
    Message ofBob = kind.request(token(kind)).with(Proxy.USER, "bob");

    assertThat(proxy.router(kind).peek(ofBob).reason()).isEqualTo(Reason.FORGED);
  }

  @ParameterizedTest
  @EnumSource
  void tokens_areOfTheirKeyAlone(Kind kind) {
    proxy.keys =
        (kind.keyId() == 1) ? keys.signingBy(2).without(1) : keys.signingBy(1).without(2);
    Recall recall = recall(kind);

    if (kind.keyId() == 0) {
      assertThat(recall.name()).isEqualTo(HOME);
    } else {
      assertThat(recall.reason()).isEqualTo(kind.isPrefix() ? Reason.NO_KEY : Reason.UNKNOWN_KEY);
    }
  }

  @Test
  void derivedKey_isNotInARing() {
    assertThat(proxy
            .router(Kind.LB_SIGNED)
            .peek(Kind.LB_DERIVED.request(token(Kind.LB_DERIVED)))
            .reason())
        .isEqualTo(Reason.UNKNOWN_KEY);
  }

  @ParameterizedTest
  @EnumSource
  void tokenWithAnotherCharacter_isRefused(Kind kind) {
    HttpRouter<Message, Message> router = proxy.router(kind);
    String token = token(kind);
    for (int at = 0; at < lengthOfToken(kind, token); at++) {
      for (int i = 0; i < ALPHABET.length(); i++) {
        char c = ALPHABET.charAt(i);
        if (c != token.charAt(at)) {
          String changed = token.substring(0, at) + c + token.substring(at + 1);
          assertThat(router.peek(kind.request(changed)).name()).as(changed).isNull();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void tokenOfAnotherFormat_isRefusedAndCounted(Kind kind) {
    HttpRouter<Message, Message> router = proxy.router(kind);
    String token = token(kind);
    byte[] bytes = bytes(kind, token);
    int present = (bytes[0] & 0xFF) >>> VERSION_BITS;
    int refused = 0;
    for (int other = 0; other < 8; other++) {
      bytes[0] = (byte) (other << VERSION_BITS | kind.keyId());
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)
          + token.substring(lengthOfToken(kind, token));
      if (other != present) {
        assertThat(router.route(kind.request(text)).reason())
            .isEqualTo(kind.isPrefix() ? Reason.NO_KEY : Reason.MALFORMED);
        refused++;
      }
    }
    assertThat(refused).isEqualTo(7);
    assertThat(router.responseStats().foreignCookies()).isEqualTo(kind.isPrefix() ? 0 : 7);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrittenNow_hasTheFormOfTheNewestTokens(Kind kind) {
    String newest = GoldenTokens.token(GoldenTokens.NEWEST, kind);
    String made = GoldenTokens.made(kind);

    if (kind != Kind.HEADER_ISSUED) { // its number may have fewer digits
      assertThat(lengthOfToken(kind, made)).isEqualTo(lengthOfToken(kind, newest));
    }
    assertThat(bytes(kind, made)[0]).isEqualTo(bytes(kind, newest)[0]);
    if (kind.isPrefix()) {
      assertThat(made).endsWith(newest.substring(lengthOfToken(kind, newest)));
    }
  }

  private static byte[] bytes(Kind kind, String token) {
    return Base64.getUrlDecoder().decode(token.substring(0, lengthOfToken(kind, token)));
  }

  private static int lengthOfToken(Kind kind, String token) {
    return kind.isPrefix() ? token.indexOf('~') : token.length();
  }
}
