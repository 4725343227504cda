package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/** Of values of LB cookies, by a ring of the keys 1 and 2, at noon on 1 March 2026. */
class TokenFuzzTest {
  /** The tokens that the keys ever made. */
  private static final Set<String> GENUINE = Set.of(
      "IQQSKbYEEim7if-AL6VlWQeval_9TCpIgQVZg5SwlfCz",
      "QRESExQVFhcYGRobHFkL7cAmjgZ6fpjpwsI0vROjWitK2vcdy3RZ0D0Xu7QM",
      "IQQSJRAEEidoh1KtRg2jacjYdjTLxo74BY9xCP_4qHoO",
      "QRITFBUWFxgZGhscHcQPo4owtjXr6NugwduwOAc9W-7g3cMs3nNbp6adB_K2",
      "IgQSKbYEEim7qKrF_yN0YQdZHcm-FAII7bC9VQ-MiPqn",
      "QiEiIyQlJicoKSorLG7qhSKH3bTjEDbT0v0_MA-FZON9hcL_xFF79qFVRMfJ",
      "IgQSJRAEEidoA-JrTRPaLMhMldWFwQnyT9BVsV34rV-w",
      "QiIjJCUmJygpKissLRmj0gfHk_C1MJsKlIS1PqnrLYQFlnuX2QIbJmU-O4sm");

  private static final LbFixture WEB = new LbFixture();
  private static final HttpRouter<Request, Response> ROUTER =
      WEB.router(b -> b.keys(WEB.keys.with(2, LbFixture.secret(2))));

  @FuzzTest
  void aTextIsAnsweredByItsFirstFault_orIsAGenuineToken(byte[] input) {
    String value = new String(input, StandardCharsets.ISO_8859_1);
    Request request = Request.of(LbFixture.COOKIE + '=' + value);

    Route first = ROUTER.route(request);
    Route second = ROUTER.route(request);

    assertThat(second.outcome()).isEqualTo(first.outcome());
    assertThat(second.reason()).isEqualTo(first.reason());
    List<String> values = CookieScanTest.values(request.cookies(), LbFixture.COOKIE);
    if (first.outcome() == Outcome.KEPT) {
      assertThat(values).containsAnyElementsOf(GENUINE);
    } else {
      assertThat(first.outcome()).isEqualTo(Outcome.NEW);
      assertThat(first.reason())
          .isEqualTo(values.isEmpty() ? Reason.UNKNOWN : reason(values.get(0)));
    }
  }

  @FuzzTest
  void bytesAreAnsweredByTheirFirstFault_orAreAGenuineToken(byte[] bytes) {
    String value = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);

    Route route = ROUTER.route(Request.of(LbFixture.COOKIE + '=' + value));

    assertThat(route.outcome() == Outcome.KEPT).isEqualTo(GENUINE.contains(value));
    if (route.outcome() != Outcome.KEPT) {
      assertThat(route.reason()).isEqualTo(reason(value));
    }
  }

  /** The reason for a value that is not genuine, found without reading it as the ring does. */
  private static Reason reason(String value) {
    boolean signed = value.matches("[I-P][\\w-]{43}");
    boolean encrypted = value.matches("[Q-X][\\w-]{59}");
    if (!signed && !encrypted) {
      return Reason.MALFORMED;
    }
    int head = Base64.getUrlDecoder().decode(value.substring(0, 4))[0];
    int id = head & 0x1F;
    return (id == 1 || id == 2) ? Reason.FORGED : Reason.UNKNOWN_KEY;
  }
}
