package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.FaultException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rings of keys that come from configurations. */
class CookieKeysParseTest {
  private static final String HEX =
      "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0efeeedecebeae9e8e7e6e5e4e3e2e1e0fb";
  private static final byte[] SECRET = HexFormat.of().parseHex(HEX);
  private static final String PADDED = Base64.getEncoder().encodeToString(SECRET);
  private static final String URL = Base64.getUrlEncoder().encodeToString(SECRET);
  private static final String SHORT =
      Base64.getEncoder().encodeToString(new byte[CookieKeys.MIN_SECRET_BYTES - 1]);
  private static final String ENCODINGS = " (expected: Base64, or hex: and hexadecimal digits)";
  private static final String FORM = " (expected: id:secret, the id 0..31)";

  static Stream<String> encoded() {
    return Stream.of(PADDED, URL)
        .flatMap(text -> Stream.of(text, text.replace("=", "")))
        .flatMap(text -> Stream.of(text, "base64:" + text));
  }

  @ParameterizedTest
  @MethodSource("encoded")
  void aSecret_isInBase64OfEitherAlphabet_paddedOrNot(String text) {
    assertThat(text).containsAnyOf("+", "/", "-", "_");
    assertThat(CookieKeys.parse("5:" + text).secrets().get(5)).isEqualTo(SECRET);
  }

  @Test
  void aSecret_isInHexadecimal() {
    assertThat(CookieKeys.parse("5:hex:" + HEX).secrets().get(5)).isEqualTo(SECRET);
    assertThat(
            CookieKeys.parse("5:hex:" + HEX.toUpperCase(Locale.ROOT)).secrets().get(5))
        .isEqualTo(SECRET);
  }

  @Test
  void theFirstKey_signs_andTheOthersVerify() {
    CookieKeys keys = CookieKeys.parse("2:" + PADDED + ",31:hex:" + HEX + ",0:base64:" + URL);

    assertThat(keys).hasToString("CookieKeys[0, 2 signing, 31]");
  }

  @Test
  void blanks_mayBeAroundKeys() {
    assertThat(CookieKeys.parse(" 2:" + PADDED + " ,\t1:hex:" + HEX + "\r\n"))
        .hasToString("CookieKeys[1, 2 signing]");
  }

  @Test
  void allNumbers_makeARing() {
    String all = IntStream.rangeClosed(0, 31)
        .mapToObj(id -> id + ":" + PADDED)
        .collect(Collectors.joining(","));

    assertThat(CookieKeys.parse(all).secrets()).hasSize(32);
  }

  @Test
  void tokensOfTheRing_areThoseOfTheSameRingMadeByABuilder() {
    LbFixture web = new LbFixture();
    Browser browser = new Browser();
    String text = "1:hex:" + HexFormat.of().formatHex(LbFixture.secret(1));
    HttpRouter<Request, Response> parsed = web.router(b -> b.keys(CookieKeys.parse(text)));

    String home = browser.visit(web.router).backend().id();

    assertThat(browser.visit(parsed)).hasToString("KEPT " + home);
  }

  static Stream<Arguments> faulty() {
    return Stream.of(
        fault(
            "",
            "keys: absent (expected: one or more of id:secret, the id 0..31,"
                + " separated by commas)"),
        fault(
            " \n",
            "keys: absent (expected: one or more of id:secret, the id 0..31,"
                + " separated by commas)"),
        fault(PADDED, "key 1: without an id" + FORM),
        fault("hex:" + HEX, "key 1: without an id" + FORM),
        fault(PADDED + ":1", "key 1: without an id" + FORM),
        fault("a:" + PADDED, "key 1: without an id" + FORM),
        fault("1234:" + PADDED, "key 1: without an id" + FORM),
        fault("1 :" + PADDED, "key 1: without an id" + FORM),
        fault("1:" + PADDED + ",", "key 2: absent" + FORM),
        fault(",1:" + PADDED, "key 1: absent" + FORM),
        fault("32:" + PADDED, "id of key 1: 32 (expected: 0..31)"),
        fault("-1:" + PADDED, "id of key 1: -1 (expected: 0..31)"),
        fault(
            "3:" + PADDED + ",4:" + PADDED + ",03:" + PADDED,
            "id of key 3: 3 (expected: a different number for each key; key 1 has it)"),
        fault("1:" + SHORT, "secret of key 1, id 1: 31 bytes (expected: 32 or more)"),
        fault("1:", "secret of key 1, id 1: 0 bytes (expected: 32 or more)"),
        fault("1:hex:00ff", "secret of key 1, id 1: 2 bytes (expected: 32 or more)"),
        fault("1:" + PADDED + "!", "secret of key 1, id 1: not Base64" + ENCODINGS),
        fault("1:base64:a b", "secret of key 1, id 1: not Base64" + ENCODINGS),
        fault("1: " + PADDED, "secret of key 1, id 1: not Base64" + ENCODINGS),
        fault("1:base32:" + PADDED, "secret of key 1, id 1: not Base64" + ENCODINGS),
        fault("1:+" + URL.substring(1), "secret of key 1, id 1: not Base64" + ENCODINGS),
        fault("1:hex:" + HEX + "g0", "secret of key 1, id 1: not hexadecimal" + ENCODINGS),
        fault("1:hex:" + HEX + "0", "secret of key 1, id 1: not hexadecimal" + ENCODINGS),
        fault(
            "40:" + SHORT + ", x, 7:?,7:hex:zz",
            "id of key 1: 40 (expected: 0..31);"
                + " secret of key 1, id 40: 31 bytes (expected: 32 or more);"
                + " key 2: without an id" + FORM + ";"
                + " secret of key 3, id 7: not Base64" + ENCODINGS + ";"
                + " id of key 4: 7 (expected: a different number for each key; key 3 has it);"
                + " secret of key 4, id 7: not hexadecimal" + ENCODINGS));
  }

  @ParameterizedTest
  @MethodSource("faulty")
  void faults_areRefusedTogether(String text, String message) {
    assertThatThrownBy(() -> CookieKeys.parse(text))
        .isInstanceOf(FaultException.class)
        .hasMessage(message)
        .hasNoCause();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "my-secret-that-has-no-id-at-all",
        "my-secret:1",
        "99:my-secret",
        "1:hex:my-secret",
        "1:base64:my-secret!",
        "1:my-secret ,",
        "20221:my-secret",
        "123456789012345678901234567890123:my-secret"
      })
  void noMessage_showsAPartOfASecret(String text) {
    assertThatThrownBy(() -> CookieKeys.parse(text))
        .hasMessageNotContainingAny("my", "secret-", "-secret", "2022", "1234", "!")
        .hasNoSuppressedExceptions()
        .hasNoCause();
  }

  @Test
  void aText_isNotNull() {
    assertThatNullPointerException().isThrownBy(() -> CookieKeys.parse(null));
  }

  private static Arguments fault(String text, String message) {
    return Arguments.of(text, message);
  }
}
