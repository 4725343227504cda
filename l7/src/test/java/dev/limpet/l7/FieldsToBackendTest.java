package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fields of a request that change on the way to the backend. */
class FieldsToBackendTest {
  private final LbFixture web = new LbFixture();
  private final Browser alice = new Browser();

  @Test
  void withoutCookies_nothingChanges() {
    assertThat(web.router.fieldsToBackend(Request.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a=1;; b=\"",
        "limpet-web",
        "Limpet-Web=x",
        "limpet-web2=x",
        "a=limpet-web=x",
        "a=1, limpet-web=x",
        " \u00e4=\u0000 "
      })
  void withoutALbCookie_nothingChanges(String field) {
    assertThat(web.router.fieldsToBackend(Request.of(field, "c"))).isEmpty();
  }

  @Test
  void lbCookies_areLeftOutWhetherTheyAreGenuineOrNot() {
    alice.with("a", "1").visit(web.router);
    Request request =
        Request.of("x=\"y\"; " + alice.cookies() + "; limpet-web=bad", "limpet-web=worse", "z");

    assertThat(web.router.fieldsToBackend(request))
        .isEqualTo(Map.of("Cookie", List.of("x=\"y\"; a=1", "z")));
    assertThat(request.cookies()).hasSize(3);
  }

  @Test
  void everyOtherOctet_isAsReceived() {
    alice.visit(web.router);
    String odd = " \t$Version=1;; q=\"x;y\" ;\u00e4=\u0000\u00a0; =; flag";

    assertThat(web.router.fieldsToBackend(Request.of("", odd + ";" + alice.cookies(), " ", ";")))
        .isEqualTo(Map.of("Cookie", List.of("", odd, " ", ";")));
  }

  @Test
  void onlyTheLbCookie_leavesTheFieldOut() {
    HttpRouter<Request, Response> secure = web.router(b -> b.secure(true));
    alice.visit(web.router);
    Browser bob = new Browser();
    bob.visit(secure);

    assertThat(web.router.fieldsToBackend(alice.request())).isEqualTo(Map.of("Cookie", List.of()));
    assertThat(secure.fieldsToBackend(bob.request())).isEqualTo(Map.of("Cookie", List.of()));
    assertThat(secure.fieldsToBackend(alice.request())).isEmpty();
  }

  @Test
  void crumbsOfHttp2_loseTheOneOfTheLbCookie() {
    alice.visit(web.router);

    assertThat(web.router.fieldsToBackend(Request.of("a=1", alice.cookies(), "b=2")))
        .isEqualTo(Map.of("Cookie", List.of("a=1", "b=2")));
  }

  @Test
  void appCookies_reachTheBackend() {
    AppFixture app = new AppFixture();

    assertThat(app.router.fieldsToBackend(Request.of("SID=x; a=1", ""))).isEmpty();
  }
}
