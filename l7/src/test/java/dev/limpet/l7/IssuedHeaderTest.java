package dev.limpet.l7;

import static dev.limpet.l7.HeaderFixture.id;
import static dev.limpet.l7.HeaderFixture.value;
import static dev.limpet.l7.HeaderFixture.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Failover;
import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** G8: a field that the router itself sets. */
class IssuedHeaderTest {
  private final HeaderFixture web = new HeaderFixture();
  private final HttpRouter<Call, Response> router = web.router(web.issued());

  private Route home;

  private String begin(HttpRouter<Call, Response> by) {
    Response response = Response.ok();
    home = Call.get().answered(by, response);
    return value(response);
  }

  @Test
  void theFirstResponse_setsTheField_andTheNextOnesDoNot() {
    String token = begin(router);
    Response response = Response.ok();
    Route next = with(token).answered(router, response);

    assertThat(home).hasToString("NEW " + id(home) + " (UNKNOWN)");
    assertThat(token).matches("[\\w-]{56,73}");
    assertThat(next).hasToString("KEPT " + id(home));
    assertThat(response.changes()).isZero();
    assertThat(router.responseStats().issued()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 200, 302, 404, 500})
  void everyStatus_mayCarryTheField(int status) {
    Response response = Response.of(status);
    Call.get().answered(router, response);

    assertThat(value(response)).isNotEmpty();
  }

  @Test
  void notOn_excludesStatuses() {
    HttpRouter<Call, Response> careful = web.router(web.issued().notOn(304, 500));
    for (int status : new int[] {304, 500}) {
      Response response = Response.of(status);
      Call.get().answered(careful, response);
      assertThat(response.fields(HeaderFixture.NAME)).isEmpty();
    }
    Response error = Response.of(500).with(HeaderFixture.NAME, "of the backend");
    Call.get().answered(careful, error);

    assertThat(error.fields(HeaderFixture.NAME)).isEmpty();
    assertThat(careful.responseStats().issued()).isZero();
    assertThat(begin(careful)).isNotEmpty();
  }

  @Test
  void whenTheSessionHasMoved_theFieldIsSetAgain() {
    String token = begin(router);
    String before = id(home);
    long key = web.affinity.key(with(token));
    web.pool.change(edit -> edit.down(before));
    Response response = Response.ok();
    Route moved = with(token).answered(router, response);
    web.pool.change(edit -> edit.up(before));

    assertThat(moved.outcome()).isEqualTo(Outcome.MOVED);
    assertThat(router.route(with(value(response)))).hasToString("KEPT " + id(moved));
    assertThat(web.affinity.key(with(value(response)))).isEqualTo(key);
  }

  @Test
  void aMovedSession_keepsItsAge() {
    String token = begin(router);
    web.advance(Duration.ofHours(23));
    web.pool.change(edit -> edit.down(id(home)));
    Response response = Response.ok();
    with(token).answered(router, response);
    web.advance(Duration.ofHours(1).plusSeconds(1));

    assertThat(router.route(with(value(response))).reason()).isEqualTo(Reason.EXPIRED);
    assertThat(router.route(with(value(response))).outcome()).isEqualTo(Outcome.NEW);
  }

  @Test
  void whileASessionIsLent_theFieldIsNotSet() {
    HttpRouter<Call, Response> lending = web.router(web.issued(), Failover.LEND);
    String token = begin(lending);
    web.pool.change(edit -> edit.down(id(home)));
    Response response = Response.ok();

    assertThat(with(token).answered(lending, response).outcome()).isEqualTo(Outcome.LENT);
    assertThat(response.changes()).isZero();
  }

  @Test
  void theField_isNotSentToTheBackend() {
    String token = begin(router);
    Map<String, List<String>> without = Map.of(HeaderFixture.NAME, List.of());

    assertThat(router.fieldsToBackend(with(token))).isEqualTo(without);
    assertThat(router.fieldsToBackend(with("another"))).isEqualTo(without);
    assertThat(router.fieldsToBackend(with("a b", ""))).isEqualTo(without);
    assertThat(router.fieldsToBackend(Call.get())).isEmpty();
    assertThat(router.begin(with(token)).fieldsToBackend()).isEqualTo(without);
  }

  @Test
  void aBackendsOwnFieldOfThatName_isRemoved() {
    Response first = HeaderFixture.sets("theirs");
    Call.get().answered(router, first);
    Response next = HeaderFixture.sets("theirs");
    with(value(first)).answered(router, next);

    assertThat(value(first)).doesNotContain("theirs");
    assertThat(router.route(with(value(first))).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(next.fields(HeaderFixture.NAME)).isEmpty();
  }

  @Test
  void severalDifferentValues_countAsNone() {
    String token = begin(router);

    assertThat(router.route(with(token, "x")).outcome()).isEqualTo(Outcome.NEW);
    assertThat(router.route(with(token, token)).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void aTokenThatIsNotValid_beginsANewSession() {
    String token = begin(router);
    HeaderFixture stranger = new HeaderFixture();
    String forged = begin(stranger.router(stranger
        .issued()
        .keys(CookieKeys.builder().signing(0, LbFixture.secret(9)).build())));

    assertNew(with("garbage"), Reason.MALFORMED);
    assertNew(with("x".repeat(74)), Reason.MALFORMED);
    assertNew(with(""), Reason.MALFORMED);
    assertNew(with(forged), Reason.FORGED);
    web.advance(Duration.ofHours(24).plusSeconds(1));
    assertNew(with(token), Reason.EXPIRED);
    assertThat(router.responseStats().foreignCookies()).isEqualTo(4);
  }

  private void assertNew(Call call, Reason reason) {
    Response response = Response.ok();
    Route route = call.answered(router, response);
    assertThat(route.outcome()).isEqualTo(Outcome.NEW);
    assertThat(route.reason()).isEqualTo(reason);
    assertThat(router.route(with(value(response)))).hasToString("KEPT " + id(route));
  }

  @Test
  void twoSessions_haveDifferentKeys() {
    assertThat(web.affinity.key(with(begin(router))))
        .isNotZero()
        .isNotEqualTo(web.affinity.key(with(begin(router))));
  }

  @Test
  void noSharedCache_mayGiveTheFieldToOthers() {
    Response plain = Response.ok();
    Response stored = Response.ok().with("Cache-Control", "public, private=\"set-cookie\"");
    Response careful = Response.ok().with("Cache-Control", "no-store");
    Response kept = Response.ok();
    for (Response response : List.of(plain, stored, careful)) {
      Call.get().answered(router, response);
    }
    with(value(plain)).answered(router, kept);

    assertThat(plain.fields("Cache-Control")).containsExactly("private");
    assertThat(stored.fields("Cache-Control")).endsWith("private");
    assertThat(careful.fields("Cache-Control")).containsExactly("no-store");
    assertThat(kept.fields("Cache-Control")).isEmpty();
  }

  @Test
  void requestsWithoutASession_getNoField() {
    Response response = Response.ok();
    router.onResponse(Call.get(), router.routeUnbound(Call.get()), response);

    assertThat(response.changes()).isZero();
  }

  @Test
  void endSession_takesTheFieldOffTheResponse() {
    Response response = Response.ok();
    Call.get().answered(router, response);
    router.endSession(Call.get(), response);

    assertThat(response.fields(HeaderFixture.NAME)).isEmpty();
  }

  @Test
  void theTokenOfAnotherPrincipal_beginsANewSession() {
    HttpRouter<Call, Response> bound = web.router(web.issued().boundTo(call -> call.field("User")));
    Response response = Response.ok();
    Call.get().with("User", "alice").answered(bound, response);
    String token = value(response);

    assertThat(bound.route(with(token).with("User", "alice")).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(bound.route(with(token).with("User", "bob")).outcome()).isEqualTo(Outcome.NEW);
  }

  @Test
  void isShownWithoutItsKeys() {
    assertThat(web.affinity).hasToString("HeaderAffinity[X-Session, issued, pool web]");
    assertThat(web.affinity.learns()).isFalse();
    assertThat(web.affinity.table()).isNull();
    assertThat(web.affinity.failover()).isNull();
    assertThat(web.affinity.endsWithBackend()).isFalse();
  }
}
