package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.FaultException;
import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.examples.embedding.CookieExamples.MyAccess;
import dev.limpet.examples.embedding.Embedder.Headers;
import dev.limpet.examples.embedding.Embedder.Request;
import dev.limpet.examples.embedding.Embedder.Response;
import dev.limpet.l4.SourceIpAffinity;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.CookieKeys;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of cookies.md and sessions.md do what those pages say. */
class CookieExamplesTest extends ExampleFixture {
  private static final byte[] NEXT = new byte[33];

  @Test
  void cookies_theLbCookieKeepsASession_andIsSecureOverTls() {
    CookieExamples example = new CookieExamples();
    HttpRouter<Request, Response> router = example.byLbCookie(List.of(web1, web2), SECRET);
    Request first = new Request(new Headers(), address("192.0.2.1"), true);

    String setCookie =
        example.exchange(router, first).headers().get("Set-Cookie").get(0);
    example.exchange(router, withCookie(setCookie.substring(0, setCookie.indexOf(';'))));

    assertThat(setCookie).contains("; Secure");
    assertThat(router.stats().count(Outcome.KEPT)).isEqualTo(1);
  }

  @Test
  void cookies_theLbCookieOutlivesARestart() {
    CookieExamples example = new CookieExamples();
    HttpRouter<Request, Response> before = example.byLbCookie(List.of(web1, web2), SECRET);
    HttpRouter<Request, Response> after = example.byLbCookie(List.of(web1, web2), SECRET);

    String setCookie = example
        .exchange(before, new Request(address("192.0.2.1")))
        .headers()
        .get("Set-Cookie")
        .get(0);
    example.exchange(after, withCookie(setCookie.substring(0, setCookie.indexOf(';'))));

    assertThat(after.stats().count(Outcome.KEPT)).isEqualTo(1);
  }

  @Test
  void cookies_theAppCookieIsLearnedFromAResponse() {
    HttpRouter<Request, Response> router = new CookieExamples().byAppCookie(pool);
    Request login = new Request(address("192.0.2.1"));
    Route route = router.route(login);
    Response response = new Response(200, new Headers());
    response.headers().set("Set-Cookie", List.of("JSESSIONID=abc"));

    router.onResponse(login, route, response);

    Route next = router.route(withCookie("JSESSIONID=abc"));
    assertThat(next.outcome()).isEqualTo(Outcome.KEPT);
    assertThat(backend(next)).isEqualTo(backend(route));
  }

  @Test
  void cookies_aClientHasAnLbCookieUntilItsLogIn() {
    CookieExamples example = new CookieExamples();
    HttpRouter<Request, Response> router = example.untilTheLogIn(
        pool,
        AppCookieAffinity.builder(new MyAccess())
            .session(StickySession.appCookie("JSESSIONID"))
            .build(),
        LbCookieAffinity.builder(pool, new MyAccess()).build());

    String lbCookie = example
        .exchange(router, new Request(address("192.0.2.1")))
        .headers()
        .get("Set-Cookie")
        .get(0);
    Request known = withCookie(lbCookie.substring(0, lbCookie.indexOf(';')));
    Route before = router.route(known);
    Response login = new Response(200, new Headers());
    login.headers().set("Set-Cookie", List.of("JSESSIONID=abc"));
    router.onResponse(known, before, login);
    Route after = router.route(withCookie("JSESSIONID=abc"));

    assertThat(before.affinity()).isEqualTo(1);
    assertThat(after.affinity()).isZero();
    assertThat(after.outcome()).isEqualTo(Outcome.KEPT);
    assertThat(backend(after)).isEqualTo(backend(before));
  }

  @Test
  void cookies_aRingOfKeysCanBeReplaced() {
    CookieExamples example = new CookieExamples();
    LbCookieAffinity<Request, Response> affinity = example.withKeysOfItsOwn(pool, SECRET);
    HttpRouter<Request, Response> router = HttpRouter.of(pool, affinity);
    String setCookie = example
        .exchange(router, new Request(address("192.0.2.1")))
        .headers()
        .get("Set-Cookie")
        .get(0);

    example.changeKeys(affinity, CookieKeys.builder().signing(1, SECRET).build(), NEXT);

    example.exchange(router, withCookie(setCookie.substring(0, setCookie.indexOf(';'))));
    assertThat(router.stats().count(Outcome.KEPT)).isEqualTo(1);
  }

  @Test
  void cookies_aRingCanBeReadFromText() {
    assertThat(new CookieExamples().fromConfiguration("ab".repeat(32), "cd".repeat(32)))
        .hasToString("CookieKeys[1, 2 signing]");
  }

  @Test
  void sessions_durationsAreAsDeclared() {
    SessionExamples example = new SessionExamples();

    assertThat(example.untilTheEvening().maxDuration()).isEqualTo(Duration.ofHours(8));
    assertThat(example.forAnHour().mode()).isEqualTo(StickySession.Mode.ABSOLUTE);
    assertThat(example.open(pool, byTenant()).pool()).isSameAs(pool);
  }

  @Test
  void sessions_theMessageOfAFaultIsTheOneThatIsShown() {
    SourceIpAffinity<Request> affinity = SourceIpAffinity.builder(Request::remoteAddress)
        .session(StickySession.sourceIp().withDuration(Duration.ofMinutes(61)))
        .build();

    assertThatThrownBy(() -> StickyRouter.of(pool, affinity))
        .isInstanceOf(FaultException.class)
        .hasMessage(MarkdownFile.read(Path.of("docs", "sessions.md")).lines().stream()
            .filter(line -> line.startsWith("duration: PT1H1M"))
            .findFirst()
            .orElseThrow());
  }

  @Test
  void sessions_aSessionCanBeEndedOrIgnored() {
    SessionExamples example = new SessionExamples();
    StickyRouter<Request> router = StickyRouter.of(pool, byTenant());
    router.route(ofTenant("blue"));

    example.ignore(router, ofTenant("blue"));
    example.endWithoutResponse(router, ofTenant("blue"));

    assertThat(router.stats().count(Outcome.UNBOUND, Reason.IGNORED)).isEqualTo(1);
    assertThat(router.route(ofTenant("blue")).outcome()).isEqualTo(Outcome.NEW);
  }

  @Test
  void sessions_endingASessionDeletesItsLbCookie() {
    HttpRouter<Request, Response> router =
        new CookieExamples().byLbCookie(List.of(web1, web2), SECRET);
    Response response = new Response(200, new Headers());

    new SessionExamples().end(router, new Request(address("192.0.2.1")), response);

    assertThat(response.headers().get("Set-Cookie"))
        .singleElement()
        .asString()
        .contains("Max-Age=0");
  }

  @Test
  void myAccess_readsAndChangesMessages() {
    MyAccess access = new MyAccess();
    Response response = new Response(204, new Headers());

    access.setFields(response, "X-A", List.of("1", "2"));

    assertThat(access.fields(response, "x-a")).containsExactly("1", "2");
    assertThat(access.status(response)).isEqualTo(204);
    assertThat(access.requestFields(ofTenant("blue"), "x-tenant")).containsExactly("blue");
  }
}
