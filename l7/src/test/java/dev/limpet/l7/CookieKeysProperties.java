package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.limpet.core.FaultException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;

class CookieKeysProperties {

  @Provide
  Arbitrary<byte[]> secrets() {
    return Arbitraries.bytes().array(byte[].class).ofMinSize(32).ofMaxSize(70);
  }

  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> parts = Arbitraries.of(
        "1", "31", "-", ":", ",", " ", "hex:", "base64:", "=", "Q", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    return Arbitraries.oneOf(
        parts.list().ofMaxSize(20).map(list -> String.join("", list)), Arbitraries.strings());
  }

  @Property
  void aTextThatWasWrittenIsReadAsItWasMeant(
      @ForAll @Size(min = 1, max = 5) @UniqueElements List<@IntRange(max = 31) Integer> ids,
      @ForAll @Size(5) List<@From("secrets") byte[]> secrets,
      @ForAll @Size(5) List<@IntRange(max = 3) Integer> encodings) {
    Map<Integer, byte[]> expected = new LinkedHashMap<>();
    StringJoiner text = new StringJoiner(", ");
    for (int i = 0; i < ids.size(); i++) {
      expected.put(ids.get(i), secrets.get(i));
      text.add(ids.get(i) + ":" + encoded(secrets.get(i), encodings.get(i)));
    }

    CookieKeys keys = CookieKeys.parse(text.toString());

    assertThat(keys.signingId()).isEqualTo(ids.get(0));
    assertThat(keys.secrets()).containsOnlyKeys(expected.keySet());
    expected.forEach((id, secret) -> assertThat(keys.secrets().get(id)).isEqualTo(secret));
  }

  @Property
  void anyTextIsARingOrRefusedWithFaults(@ForAll @From("texts") String text) {
    Throwable thrown = catchThrowable(() -> CookieKeys.parse(text));

    assertThat(thrown == null || thrown.getClass() == FaultException.class).isTrue();
  }

  @Property
  void noMessageShowsWhatFollowsAnIdOrHasNone(
      @ForAll @From("secrets") byte[] secret, @ForAll @IntRange(max = 3) int encoding) {
    String text = encoded(secret, encoding);
    for (String faulty : List.of(text, text + ":1", "1:" + text + "!", "99:" + text)) {
      Throwable thrown = catchThrowable(() -> CookieKeys.parse(faulty));

      assertThat(thrown).isInstanceOf(FaultException.class).hasNoCause();
      assertThat(thrown.getMessage()).doesNotContain(text.substring(12));
    }
  }

  private static String encoded(byte[] secret, int encoding) {
    return switch (encoding) {
      case 0 -> Base64.getEncoder().encodeToString(secret);
      case 1 -> "base64:" + Base64.getUrlEncoder().encodeToString(secret);
      case 2 -> Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
      default -> "hex:" + HexFormat.of().formatHex(secret);
    };
  }
}
