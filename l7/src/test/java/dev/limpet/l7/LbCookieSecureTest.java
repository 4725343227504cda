package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Outcome;
import dev.limpet.core.Route;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An LB cookie is Secure where all clients use TLS, or its own client did. */
class LbCookieSecureTest {
  private static final String PLAIN = "; Path=/; HttpOnly; SameSite=Lax";
  private static final String SECURE = "; Path=/; Secure; HttpOnly; SameSite=Lax";

  private final LbFixture web = new LbFixture();
  private final Browser alice = new Browser();

  @Test
  void aRequestOverTls_getsASecureCookieOfTheSameName() {
    Request request = Request.of().secure();

    assertThat(answered(web.router, request)).startsWith("limpet-web=").endsWith(SECURE);
  }

  @Test
  void aPlainRequest_getsNoSecureCookie_alsoAfterOneOverTls() {
    answered(web.router, Request.of().secure());

    assertThat(answered(web.router, Request.of())).startsWith("limpet-web=").endsWith(PLAIN);
  }

  @Test
  void whereAllClientsUseTls_everyCookieIsSecure() {
    HttpRouter<Request, Response> router = web.router(b -> b.secure(true));

    assertThat(answered(router, Request.of())).startsWith("__Host-limpet-web=").endsWith(SECURE);
    assertThat(answered(router, Request.of().secure()))
        .startsWith("__Host-limpet-web=")
        .endsWith(SECURE);
  }

  @Test
  void anAccessThatCannotTell_meansPlainRequests() {
    HttpRouter<List<String>, Response> router = HttpRouter.of(
        web.pool, LbCookieAffinity.builder(web.pool, new CannotTell()).build());
    Response response = Response.ok();

    router.onResponse(List.of(), router.route(List.of()), response);

    assertThat(response.setCookies()).singleElement().asString().endsWith(PLAIN);
  }

  @Test
  void refreshedAndMovedCookies_areSecureOverTls() {
    Route first = alice.visit(web.router);
    web.clock.advance(LbFixture.THRESHOLD);
    assertThat(answered(web.router, alice.request().secure())).endsWith(SECURE);
    assertThat(answered(web.router, alice.request())).endsWith(PLAIN);

    web.pool.change(edit -> edit.down(Browser.id(first)));
    assertThat(web.router.route(alice.request()).outcome()).isEqualTo(Outcome.MOVED);
    assertThat(answered(web.router, alice.request().secure())).endsWith(SECURE);
    assertThat(answered(web.router, alice.request())).endsWith(PLAIN);
  }

  @Test
  void prefixesThatDemandSecure_demandThatAllClientsUseTls() {
    String rule = "secure: false (expected: true with a cookie name that starts with ";

    assertThatThrownBy(() -> web.affinity(b -> b.hostPrefix(true)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(rule + "__Host-)");
    assertThatThrownBy(
            () -> web.affinity(b -> b.session(LbFixture.sessions().withCookieName("__Secure-x"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(rule + "__Secure-)");
  }

  private static String answered(HttpRouter<Request, Response> router, Request request) {
    Response response = Response.ok();
    router.onResponse(request, router.route(request), response);
    assertThat(response.setCookies()).hasSize(1);
    return response.setCookies().get(0);
  }

  /** Implements what must be, and nothing else. */
  private static final class CannotTell implements HttpAccess<List<String>, Response> {
    @Override
    public List<String> requestFields(List<String> request, String name) {
      return request;
    }

    @Override
    public int status(Response response) {
      return Response.ACCESS.status(response);
    }

    @Override
    public List<String> fields(Response response, String name) {
      return Response.ACCESS.fields(response, name);
    }

    @Override
    public void setFields(Response response, String name, List<String> values) {
      Response.ACCESS.setFields(response, name, values);
    }
  }
}
