package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Failover;
import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession.Mode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LbCookieRotationTest {
  private static final CookieKeys OLD =
      CookieKeys.builder().signing(1, LbFixture.secret(1)).build();
  private static final CookieKeys ANNOUNCED = CookieKeys.builder()
      .signing(1, LbFixture.secret(1))
      .verifyOnly(2, LbFixture.secret(2))
      .build();
  private static final CookieKeys SWITCHED = CookieKeys.builder()
      .verifyOnly(1, LbFixture.secret(1))
      .signing(2, LbFixture.secret(2))
      .build();
  private static final CookieKeys NEW =
      CookieKeys.builder().signing(2, LbFixture.secret(2)).build();

  private final LbFixture web = new LbFixture();
  private final Browser alice = new Browser();

  @Test
  void aSessionThatIsUsed_survivesAWholeRotation() {
    Route first = alice.visit(web.router);
    LbToken before = LbFixture.token(alice);

    for (CookieKeys keys : new CookieKeys[] {ANNOUNCED, SWITCHED, NEW}) {
      web.affinity.rotate(keys);
      web.clock.advance(LbFixture.DURATION);
      Route route = alice.visit(web.router);
      assertThat(route.outcome()).isEqualTo(Outcome.KEPT);
      assertThat(route.backend()).isEqualTo(first.backend());
    }

    assertThat(LbFixture.token(alice).keyId()).isEqualTo(2);
    assertThat(LbFixture.token(alice).session()).isEqualTo(before.session());
  }

  @Test
  void proxiesOneStepApart_acceptEachOthersTokens() {
    CookieKeys[] steps = {OLD, ANNOUNCED, SWITCHED, NEW};
    for (int i = 1; i < steps.length; i++) {
      CookieKeys behind = steps[i - 1];
      CookieKeys ahead = steps[i];
      HttpRouter<Request, Response> late = web.router(b -> b.keys(behind));
      HttpRouter<Request, Response> early = web.router(b -> b.keys(ahead));
      Browser fresh = new Browser();
      Browser other = new Browser();
      fresh.visit(early);
      other.visit(late);

      assertThat(fresh.visit(late).outcome()).isEqualTo(Outcome.KEPT);
      if (i < 3) {
        assertThat(other.visit(early).outcome()).isEqualTo(Outcome.KEPT);
      }
    }
  }

  @Test
  void theSigningKeySigns() {
    web.affinity.rotate(SWITCHED);

    alice.visit(web.router);

    assertThat(LbFixture.token(alice).keyId()).isEqualTo(2);
  }

  @Test
  void aDroppedKey_isUnknown() {
    alice.visit(web.router);
    web.affinity.rotate(NEW);

    assertThat(alice.visit(web.router).reason()).isEqualTo(Reason.UNKNOWN_KEY);
  }

  @Test
  void anAbsoluteSession_keepsTheKeyItBeganWith() {
    LbFixture absolute = new LbFixture(Failover.MOVE, session -> session.withMode(Mode.ABSOLUTE));
    Route first = alice.visit(absolute.router);
    absolute.affinity.rotate(SWITCHED);
    absolute.clock.advance(LbFixture.DURATION);

    Route route = alice.visit(absolute.router);

    assertThat(route.outcome()).isEqualTo(Outcome.KEPT);
    assertThat(route.backend()).isEqualTo(first.backend());
    assertThat(alice.setCookies()).isEmpty();
  }

  @Test
  void aSlidingSession_isSignedAgainWhenItsRefreshIsDue() {
    alice.visit(web.router);
    web.affinity.rotate(SWITCHED);

    web.clock.advance(LbFixture.THRESHOLD.minusSeconds(1));
    alice.visit(web.router);
    assertThat(alice.setCookies()).isEmpty();

    web.clock.advance(Duration.ofSeconds(1));
    alice.visit(web.router);
    assertThat(LbFixture.token(alice).keyId()).isEqualTo(2);
  }

  @Test
  void aLentSession_isSignedAgainForItsOwnBackend() {
    LbFixture lending = new LbFixture(Failover.LEND);
    Route own = alice.visit(lending.router);
    lending.pool.change(edit -> edit.down(Browser.id(own)));
    lending.affinity.rotate(SWITCHED);
    lending.clock.advance(LbFixture.DURATION);

    assertThat(alice.visit(lending.router).outcome()).isEqualTo(Outcome.LENT);
    assertThat(LbFixture.token(alice).keyId()).isEqualTo(2);

    lending.pool.change(edit -> edit.up(Browser.id(own)));
    assertThat(alice.visit(lending.router).backend()).isEqualTo(own.backend());
  }

  @Test
  void aKeyDroppedDuringTheRequest_losesNoSession() {
    Route first = alice.visit(web.router);
    Request request = alice.request();
    Route route = web.router.route(request);
    web.affinity.rotate(NEW);

    alice.receive(web.router, request, route, Response.ok());

    Route next = alice.visit(web.router);
    assertThat(next.outcome()).isEqualTo(Outcome.KEPT);
    assertThat(next.backend()).isEqualTo(first.backend());
  }

  @Test
  void aKeyDroppedDuringALentRequest_changesNothing() {
    LbFixture lending = new LbFixture(Failover.LEND);
    Route own = alice.visit(lending.router);
    lending.pool.change(edit -> edit.down(Browser.id(own)));
    Request request = alice.request();
    Route lent = lending.router.route(request);
    lending.affinity.rotate(NEW);
    Response response = Response.ok();

    lending.router.onResponse(request, lent, response);

    assertThat(response.changes()).isZero();
  }

  @Test
  void aLentSessionWhoseBackendIsGone_isNotSignedAgain() {
    LbFixture lending = new LbFixture(Failover.LEND);
    Route own = alice.visit(lending.router);
    lending.pool.change(edit -> edit.down(Browser.id(own)));
    lending.affinity.rotate(SWITCHED);
    lending.clock.advance(LbFixture.DURATION);
    Request request = alice.request();
    Route lent = lending.router.route(request);
    lending.pool.change(edit -> edit.remove(Browser.id(own)));
    Response response = Response.ok();

    lending.router.onResponse(request, lent, response);

    assertThat(lent.outcome()).isEqualTo(Outcome.LENT);
    assertThat(response.changes()).isZero();
  }
}
