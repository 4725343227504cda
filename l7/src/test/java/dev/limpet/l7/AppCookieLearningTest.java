package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.Outcome;
import dev.limpet.core.Profile;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppCookieLearningTest {
  private final AppFixture app = new AppFixture();
  private final Browser alice = new Browser();

  @Test
  void theSameValueAgain_isNotLearnedAgain() {
    alice.visit(app.router, AppFixture.sets("SID=x"));
    alice.visit(app.router, AppFixture.sets("SID=x"));

    assertThat(app.router.responseStats().learned()).isEqualTo(1);
  }

  @Test
  void aNewValueOfTheSession_isLearnedToo() {
    Route first = alice.visit(app.router, AppFixture.sets("SID=x"));
    alice.visit(app.router, AppFixture.sets("SID=y"));

    assertThat(alice.cookies()).isEqualTo("SID=y");
    assertThat(alice.visit(app.router).backend()).isEqualTo(first.backend());
    assertThat(app.router.route(Request.of("SID=x")).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(app.router.responseStats().learned()).isEqualTo(2);
  }

  @Test
  void severalValuesInOneResponse_areAllLearned() {
    alice.visit(app.router, AppFixture.sets("SID=x; Path=/", "a=1", "SID=y; Path=/app"));

    assertThat(app.router.route(Request.of("SID=x")).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(app.router.route(Request.of("SID=y")).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void theBackendThatSetsAValueLast_hasIt() {
    Route first = alice.visit(app.router, AppFixture.sets("SID=x"));
    Request request = Request.of();
    Route other = app.router.route(request);
    assertThat(other.backend()).isNotEqualTo(first.backend());

    app.router.onResponse(request, other, AppFixture.sets("SID=x"));

    assertThat(alice.visit(app.router).backend()).isEqualTo(other.backend());
    assertThat(app.router.responseStats().learned()).isEqualTo(2);
  }

  @Test
  void anIgnoredRequest_learnsFromTheBackendThatServedIt() {
    Route balanced = app.router.routeUnbound(Request.of());
    alice.receive(app.router, Request.of(), balanced, AppFixture.sets("SID=x"));

    assertThat(alice.visit(app.router).backend()).isEqualTo(balanced.backend());
  }

  @Test
  void aHashedRequest_learnsFromTheBackendThatServedIt() {
    Route hashed = alice.with("SID", "old").visit(app.router, AppFixture.sets("SID=old"));
    assertThat(hashed.outcome()).isEqualTo(Outcome.HASHED);

    Route kept = alice.visit(app.router);
    assertThat(kept.outcome()).isEqualTo(Outcome.KEPT);
    assertThat(kept.backend()).isEqualTo(hashed.backend());
  }

  @Test
  void informationalResponses_teachNothing() {
    alice.visit(app.router, Response.of(103).with("Set-Cookie", "SID=x"));

    assertThat(app.table.size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SID=",
        "SID=; Path=/",
        "SID=x; Max-Age=0",
        "SID=deleted; Max-Age=-1; Expires=Fri, 01 Jan 2100 00:00:00 GMT",
        "SID=deleted; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "SID=x; Expires=Sun, 01 Mar 2026 11:59:59 GMT"
      })
  void aDeletion_forgetsTheRequestsSession(String deletion) {
    alice.visit(app.router, AppFixture.sets("SID=x"));
    alice.visit(app.router, AppFixture.sets("b=2", deletion));

    assertThat(app.router.route(Request.of("SID=x")).outcome()).isEqualTo(Outcome.HASHED);
    assertThat(app.table.size()).isZero();
    assertThat(app.router.responseStats().unlearned()).isEqualTo(1);
    assertThat(app.router.responseStats().learned()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "b=; Max-Age=0",
        "sid=; Max-Age=0",
        "SID=x; Max-Age=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "SID=x; Expires=Sun, 01 Mar 2026 12:00:01 GMT",
        "SID=x; Expires=never"
      })
  void otherCookiesAndDates_forgetNothing(String setCookie) {
    alice.visit(app.router, AppFixture.sets("SID=x"));
    alice.visit(app.router, AppFixture.sets(setCookie));

    assertThat(app.router.route(Request.of("SID=x")).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(app.router.responseStats().unlearned()).isZero();
  }

  @Test
  void aDeletionOfASessionThatIsNotKnown_forgetsNothing() {
    alice.visit(app.router, AppFixture.sets("SID=x"));

    new Browser().visit(app.router, AppFixture.sets("SID=; Max-Age=0"));
    new Browser().with("SID", "y").visit(app.router, AppFixture.sets("SID=; Max-Age=0"));

    assertThat(alice.visit(app.router).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(app.router.responseStats().unlearned()).isZero();
  }

  @Test
  void aDeletionBesideANewValue_endsOneSessionAndBeginsAnother() {
    alice.visit(app.router, AppFixture.sets("SID=x"));
    alice.visit(app.router, AppFixture.sets("SID=y; Path=/", "SID=; Max-Age=0; Path=/old"));

    assertThat(app.router.route(Request.of("SID=x")).outcome()).isEqualTo(Outcome.HASHED);
    assertThat(app.router.route(Request.of("SID=y")).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void aDeletionBesideTheSameValue_keepsTheSession() {
    alice.visit(app.router, AppFixture.sets("SID=x"));
    alice.visit(app.router, AppFixture.sets("SID=x; Path=/", "SID=; Max-Age=0; Path=/old"));

    assertThat(app.router.route(Request.of("SID=x")).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void whileLent_theSameValueChangesNothing() {
    AppFixture lending = new AppFixture(Failover.LEND);
    Route own = alice.visit(lending.router, AppFixture.sets("SID=x"));
    lending.pool.change(edit -> edit.down(Browser.id(own)));

    assertThat(alice.visit(lending.router, AppFixture.sets("SID=x")).outcome())
        .isEqualTo(Outcome.LENT);

    lending.pool.change(edit -> edit.up(Browser.id(own)));
    assertThat(alice.visit(lending.router).backend()).isEqualTo(own.backend());
    assertThat(lending.router.responseStats().learned()).isEqualTo(1);
  }

  @Test
  void whileLent_anotherValueIsOfTheBackendThatSetIt() {
    AppFixture lending = new AppFixture(Failover.LEND);
    Route own = alice.visit(lending.router, AppFixture.sets("SID=x"));
    lending.pool.change(edit -> edit.down(Browser.id(own)));
    Route lent = alice.visit(lending.router, AppFixture.sets("SID=y"));
    lending.pool.change(edit -> edit.up(Browser.id(own)));

    assertThat(lent.outcome()).isEqualTo(Outcome.LENT);
    assertThat(lending.router.route(Request.of("SID=y")).backend()).isEqualTo(lent.backend());
    assertThat(lending.router.route(Request.of("SID=x")).backend()).isEqualTo(own.backend());
  }

  @Test
  void aFullTable_rejectsWhatIsToBeLearnedAndKeepsWhatItHas() {
    AppFixture small = new AppFixture(Failover.MOVE, 2, Environment.local());
    for (int i = 0; i < 5; i++) {
      new Browser().visit(small.router, AppFixture.sets("SID=v" + i));
    }

    assertThat(small.router.responseStats().learned()).isEqualTo(2);
    assertThat(small.router.responseStats().learnRejected()).isEqualTo(3);
    assertThat(small.router.route(Request.of("SID=v0")).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(small.router.route(Request.of("SID=v1")).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(small.router.route(Request.of("SID=v2")).outcome()).isEqualTo(Outcome.HASHED);
  }

  @Test
  void afterAnOverflow_valuesAreLearnedWhereTheyWereSet() {
    AppFixture small = new AppFixture(Failover.MOVE, 1, Environment.local());
    Route first = alice.visit(small.router, AppFixture.sets("SID=x"));
    alice.visit(small.router, AppFixture.sets("SID=y"));
    assertThat(small.router.responseStats().learnRejected()).isEqualTo(1);
    small.router.unbind(Request.of("SID=x"));

    for (int i = 0; i < 10; i++) {
      Route route = alice.visit(small.router, AppFixture.sets("SID=v" + i));
      assertThat(alice.visit(small.router).backend()).isEqualTo(route.backend());
      assertThat(small.router.unbind(alice.request())).isTrue();
    }
    assertThat(first.backend()).isNotNull();
  }

  @Test
  void nothingThatIsShownTellsTheValue() {
    Route route = alice.visit(app.router, AppFixture.sets("SID=secretvalue"));

    List<Object> shown = List.of(
        app.affinity,
        route,
        app.router.peek(alice.request()),
        app.router.stats(),
        app.router.responseStats(),
        app.affinity.session(),
        app.hasher,
        app.table);

    assertThat(shown).allSatisfy(each -> assertThat(each.toString()).doesNotContain("secretvalue"));
    assertThat(app.affinity).hasToString("AppCookieAffinity[SID]");
  }

  @Test
  void faultySettings_areRefusedTogether() {
    assertThatThrownBy(() -> AppCookieAffinity.builder(Response.ACCESS).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cookieName: absent (expected: the application's cookie)");
    assertThatThrownBy(() -> AppCookieAffinity.builder(Response.ACCESS)
            .session(StickySession.lbCookie().withCookieName("a;b"))
            .build())
        .hasMessage("type: lb-cookie (expected: app-cookie);"
            + " cookieName: \"a;b\" (expected: an RFC 6265 token; ';' at index 1)");
  }

  @Test
  void theClassicProfile_refusesAppCookies() {
    assertThatThrownBy(() ->
            HttpRouter.builder(app.pool, app.affinity).profile(Profile.CLASSIC).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("type: app-cookie (expected: lb-cookie at layer 7)");
  }
}
