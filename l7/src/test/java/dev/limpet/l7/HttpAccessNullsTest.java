package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.core.affinity.KeyAffinity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Frameworks that return null for what is not there, or have nulls among their values. */
class HttpAccessNullsTest {
  private static final HttpAccess<Request, Response> NOTHING = new Sparse(values -> null);
  private static final HttpAccess<Request, Response> GAPS = new Sparse(HttpAccessNullsTest::gaps);

  private final Pool pool = Pool.of("web", LbFixture.backend("a"), LbFixture.backend("b"));
  private final Browser alice = new Browser();

  @Test
  void lbCookie_ofFieldsThatAreNull() {
    HttpRouter<Request, Response> router = lbCookie(NOTHING);
    Response response = Response.ok();

    Route route = router.route(Request.of());
    router.onResponse(Request.of(), route, response);

    assertThat(route.outcome()).isEqualTo(Outcome.NEW);
    assertThat(router.peek(Request.of()).reason()).isEqualTo(Reason.UNKNOWN);
    assertThat(response.setCookies()).hasSize(1);
    assertThat(response.fields("Cache-Control")).containsExactly("private");
    assertThat(router.fieldsToBackend(Request.of())).isEmpty();
    router.endSession(Request.of(), response);
    assertThat(response.setCookies()).singleElement().asString().endsWith("; Max-Age=0");
  }

  @Test
  void lbCookie_amongNulls() {
    HttpRouter<Request, Response> router = lbCookie(GAPS);
    Response login =
        Response.ok().with("Set-Cookie", "a=1", "limpet-web=x").with("Cache-Control", "public");
    Route first = alice.visit(router, login);
    assertThat(login.setCookies()).hasSize(2).startsWith("a=1");
    assertThat(login.fields("Cache-Control")).containsExactly("public", "private");

    Request request = Request.of("b=2", "limpet-web=" + alice.cookie("limpet-web"));
    Route next = router.route(request);

    assertThat(next.outcome()).isEqualTo(Outcome.KEPT);
    assertThat(next.backend()).isEqualTo(first.backend());
    assertThat(router.fieldsToBackend(request)).isEqualTo(Map.of("Cookie", List.of("b=2")));
    assertThat(router.fieldsToBackend(Request.of("b=2"))).isEmpty();
    Response last = Response.ok().with("Set-Cookie", "c=3");
    router.endSession(request, last);
    assertThat(last.setCookies()).hasSize(2).startsWith("c=3");
  }

  @Test
  void appCookie_ofFieldsThatAreNull() {
    HttpRouter<Request, Response> router = appCookie(NOTHING);
    Response response = Response.ok();

    Route route = router.route(Request.of());
    router.onResponse(Request.of(), route, response);
    router.endSession(Request.of(), response);

    assertThat(route.reason()).isEqualTo(Reason.NO_KEY);
    assertThat(router.peek(Request.of()).reason()).isEqualTo(Reason.NO_KEY);
    assertThat(router.responseStats().learned()).isZero();
    assertThat(router.fieldsToBackend(Request.of())).isEmpty();
    assertThat(response.changes()).isZero();
  }

  @Test
  void appCookie_amongNulls() {
    HttpRouter<Request, Response> router = appCookie(GAPS);
    Route login = router.route(Request.of("a=1"));
    router.onResponse(Request.of("a=1"), login, AppFixture.sets("a=1", "SID=x"));

    Route next = router.route(Request.of("a=1", "SID=x"));

    assertThat(next.outcome()).isEqualTo(Outcome.KEPT);
    assertThat(next.backend()).isEqualTo(login.backend());
    assertThat(router.route(Request.of("SID=y")).outcome()).isEqualTo(Outcome.HASHED);
    assertThat(router.fieldsToBackend(Request.of("SID=x"))).isEmpty();
    router.onResponse(Request.of("SID=x"), next, AppFixture.sets("SID=; Max-Age=0"));
    assertThat(router.responseStats().unlearned()).isEqualTo(1);
  }

  @Test
  void aPlainAffinity_ofATargetThatIsNull() {
    HttpRouter<Request, Response> router = HttpRouter.of(
        pool,
        HttpAffinity.of(
            KeyAffinity.builder(KeyExtractor.<Request>string(NOTHING::target)).build(), NOTHING));
    Response response = Response.ok();

    Route route = router.route(Request.of());
    router.onResponse(Request.of(), route, response);
    router.endSession(Request.of(), response);

    assertThat(route.outcome()).isEqualTo(Outcome.UNBOUND);
    assertThat(route.reason()).isEqualTo(Reason.NO_KEY);
    assertThat(router.fieldsToBackend(Request.of())).isEmpty();
    assertThat(response.changes()).isZero();
  }

  private HttpRouter<Request, Response> lbCookie(HttpAccess<Request, Response> access) {
    return HttpRouter.of(pool, LbCookieAffinity.builder(pool, access).build());
  }

  private HttpRouter<Request, Response> appCookie(HttpAccess<Request, Response> access) {
    return HttpRouter.of(
        pool,
        AppCookieAffinity.builder(access)
            .session(StickySession.appCookie("SID"))
            .build());
  }

  private static List<String> gaps(List<String> values) {
    List<String> gaps = new ArrayList<>();
    gaps.add(null);
    for (String value : values) {
      gaps.add(value);
      gaps.add(null);
    }
    return gaps;
  }

  /** Changes what is read; what is set must have no nulls. */
  private record Sparse(UnaryOperator<@Nullable List<String>> reading)
      implements HttpAccess<Request, Response> {
    @Override
    public List<String> requestFields(Request request, String name) {
      return reading.apply(Response.ACCESS.requestFields(request, name));
    }

    @Override
    public String target(Request request) {
      return null;
    }

    @Override
    public int status(Response response) {
      return Response.ACCESS.status(response);
    }

    @Override
    public List<String> fields(Response response, String name) {
      return reading.apply(Response.ACCESS.fields(response, name));
    }

    @Override
    public void setFields(Response response, String name, List<String> values) {
      assertThat(values).doesNotContainNull();
      Response.ACCESS.setFields(response, name, values);
    }
  }
}
