package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Of values of a sealed field, one a line, by a ring of the keys 1 and 2. */
class HeaderTokenFuzzTest {
  private static final HeaderFixture WEB = new HeaderFixture();
  private static final HttpRouter<Call, Response> ROUTER = WEB.router(WEB.sealed()
      .keys(CookieKeys.builder()
          .signing(1, LbFixture.secret(1))
          .verifyOnly(2, LbFixture.secret(2))
          .build()));

  @FuzzTest
  void aTextIsRefusedByItsFirstFault(byte[] input) {
    String[] values = new String(input, StandardCharsets.ISO_8859_1).split("\n", -1);
    Call call = HeaderFixture.with(values);

    Route route = ROUTER.route(call);

    assertThat(route.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(route.reason()).isEqualTo(reason(List.of(values)));
    assertThat(ROUTER.fieldsToBackend(call)).isEmpty();
  }

  @FuzzTest
  void bytesAreRefusedByTheirFirstFault(byte[] bytes) {
    String value = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);

    Route route = ROUTER.route(HeaderFixture.with(value));

    assertThat(route.outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(route.reason()).isEqualTo(reason(List.of(value)));
  }

  /** The reason for values that no key made, found without reading them as the ring does. */
  private static Reason reason(List<String> values) {
    String value = values.get(0);
    if (values.stream().distinct().count() != 1 || !value.matches("[!-~]{1,1421}")) {
      return Reason.UNUSABLE_KEY;
    }
    boolean whole = value.length() % 4 == 0
        || (value.length() % 4 == 2 && value.matches(".*[AQgw]"))
        || (value.length() % 4 == 3 && value.matches(".*[AEIMQUYcgkosw048]"));
    if (!value.matches("[Y-f][\\w-]{54,}") || !whole) {
      return Reason.MALFORMED;
    }
    int id = Base64.getUrlDecoder().decode(value.substring(0, 4))[0] & 0x1F;
    return (id == 1 || id == 2) ? Reason.FORGED : Reason.UNKNOWN_KEY;
  }
}
