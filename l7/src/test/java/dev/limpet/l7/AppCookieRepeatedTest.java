package dev.limpet.l7;

import static dev.limpet.l7.AppFixture.sets;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.table.CaffeineStickyTable;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses that set the cookie again which the request brought. */
class AppCookieRepeatedTest {
  private final Browser alice = new Browser();

  @ParameterizedTest
  @ValueSource(strings = {"other=1", "SID=; Max-Age=0; Path=/old"})
  void lentSession_staysWithItsBackend_alsoIfItsCookieIsDeletedElsewhere(String beside) {
    AppFixture app = new AppFixture(Failover.LEND);
    Route own = alice.visit(app.router, sets("SID=x"));
    app.pool.change(edit -> edit.down(Browser.id(own)));

    Route lent = alice.visit(app.router, sets(beside, "SID=x; Path=/"));
    app.pool.change(edit -> edit.up(Browser.id(own)));

    assertThat(lent.outcome()).isEqualTo(Outcome.LENT);
    assertThat(app.router.route(Request.of("SID=x")).backend()).isEqualTo(own.backend());
  }

  @Test
  void everyValueThatALentRequestBrings_staysWithItsBackend() {
    AppFixture app = new AppFixture(Failover.LEND);
    Route own = alice.visit(app.router, sets("SID=x"));
    alice.visit(app.router, sets("SID=y"));
    app.pool.change(edit -> edit.down(Browser.id(own)));
    Request both = Request.of("SID=x; SID=y");

    app.router.onResponse(both, app.router.route(both), sets("SID=y"));
    app.pool.change(edit -> edit.up(Browser.id(own)));

    assertThat(app.router.route(Request.of("SID=y")).backend()).isEqualTo(own.backend());
  }

  @Test
  void absoluteSession_becomesNoYounger() {
    long[] nanos = {0};
    StickySession session = StickySession.appCookie("SID").withMode(Mode.ABSOLUTE);
    HttpRouter<Request, Response> router = HttpRouter.of(
        Pool.of("app", LbFixture.backend("a"), LbFixture.backend("b")),
        AppCookieAffinity.builder(Response.ACCESS)
            .session(session)
            .environment(Environment.local().withClock(() -> nanos[0]))
            .table((declared, environment) ->
                CaffeineStickyTable.of(declared, 100, environment.clock()))
            .build());
    alice.visit(router, sets("SID=x"));
    nanos[0] += Duration.ofMinutes(15).toNanos();
    alice.visit(router, sets("SID=; Max-Age=0; Path=/old", "SID=x; Path=/"));
    nanos[0] += Duration.ofMinutes(6).toNanos();

    assertThat(router.route(Request.of("SID=x")).outcome()).isEqualTo(Outcome.HASHED);
  }

  @Test
  void lateAnswerOfTheBackendBefore_bringsNoSessionBack() {
    AppFixture app = new AppFixture();
    Route own = alice.visit(app.router, sets("SID=x"));
    Request slow = alice.request();
    Route slowly = app.router.route(slow);
    app.pool.change(edit -> edit.down(Browser.id(own)));
    Route moved = alice.visit(app.router, sets("SID=x"));
    app.pool.change(edit -> edit.up(Browser.id(own)));

    app.router.onResponse(slow, slowly, sets("SID=x"));

    assertThat(moved.outcome()).isEqualTo(Outcome.MOVED);
    assertThat(alice.visit(app.router).backend()).isEqualTo(moved.backend());
  }

  @Test
  void balancedRequests_moveNoSession() {
    AppFixture app = new AppFixture();
    Route own = alice.visit(app.router, sets("SID=x"));
    for (int i = 0; i < 3; i++) {
      Request request = alice.request();
      app.router.onResponse(request, app.router.routeUnbound(request), sets("SID=x"));
      assertThat(alice.visit(app.router).backend()).isEqualTo(own.backend());
    }
  }

  @Test
  void valueThatIsBoundToNothing_isLearnedThoughTheRequestBroughtIt() {
    AppFixture app = new AppFixture();
    alice.with("SID", "x").visit(app.router, sets("SID=x"));

    assertThat(app.router.route(Request.of("SID=x")).outcome()).isEqualTo(Outcome.KEPT);
  }
}
