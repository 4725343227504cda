package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Reason;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Of proxies that are updated one after the other, while clients visit all of them. */
class LbCookieRolloutTest {
  private static final Duration SKEW = Duration.ofMinutes(1);
  private static final Duration LIFE =
      LbFixture.DURATION.plus(LbFixture.THRESHOLD).plus(SKEW);
  private static final CookieKeys OLD =
      CookieKeys.builder().signing(1, LbFixture.secret(1)).build();
  private static final CookieKeys ANNOUNCED = OLD.with(2, LbFixture.secret(2));
  private static final CookieKeys SWITCHED = ANNOUNCED.signingBy(2);
  private static final CookieKeys NEW = SWITCHED.without(1);

  @Test
  void aRotationInThreeSteps_losesNoSessionAndRejectsNoToken() {
    Fleet fleet = new Fleet(b -> b.keys(OLD));
    fleet.begin();

    roll(fleet, ANNOUNCED);
    roll(fleet, SWITCHED);
    fleet.visitFor(LIFE);
    roll(fleet, NEW);

    assertThat(fleet.lost()).isZero();
    assertNoneRejected(fleet);
  }

  @Test
  void anIdleSession_survivesARotationThatWaitsForItsLife() {
    Fleet fleet = new Fleet(b -> b.keys(OLD));
    roll(fleet, ANNOUNCED);
    fleet.begin();
    roll(fleet, SWITCHED);
    fleet.web.clock.advance(LbFixture.DURATION.minusSeconds(10));
    fleet.visitAll();
    fleet.web.clock.advance(LIFE.minus(LbFixture.DURATION));

    roll(fleet, NEW);

    assertThat(fleet.lost()).isZero();
    assertNoneRejected(fleet);
  }

  @Test
  void aRotationOfAbsoluteSessions_rejectsNoTokenAndSetsNoCookieAgain() {
    StickySession session = LbFixture.sessions().withMode(Mode.ABSOLUTE);
    Fleet fleet = new Fleet(b -> b.keys(OLD).session(session));
    fleet.begin();

    roll(fleet, ANNOUNCED);
    roll(fleet, SWITCHED);
    assertThat(fleet.lost()).isZero();
    assertThat(fleet.setCookies()).isZero();

    fleet.visitFor(LIFE);
    roll(fleet, NEW);
    assertNoneRejected(fleet);
    assertThat(fleet.rejected(Reason.EXPIRED)).isPositive();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aKeyThatSignsBeforeAllProxiesKnowIt_losesSessions(Mode mode) {
    StickySession session = LbFixture.sessions().withMode(mode);
    Fleet fleet = new Fleet(b -> b.keys(OLD).session(session));
    fleet.affinities.get(0).rotate(SWITCHED);
    fleet.begin();

    fleet.visitAll();

    assertThat(fleet.lost()).isPositive();
    assertThat(fleet.rejected(Reason.UNKNOWN_KEY)).isPositive();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void aKeyThatIsDroppedTooEarly_losesSessions(Mode mode) {
    StickySession session = LbFixture.sessions().withMode(mode);
    Fleet fleet = new Fleet(b -> b.keys(ANNOUNCED).session(session));
    fleet.begin();
    roll(fleet, SWITCHED);

    roll(fleet, NEW);

    assertThat(fleet.lost()).isPositive();
    assertThat(fleet.rejected(Reason.UNKNOWN_KEY)).isPositive();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void encryptionSwitchedOnAndOffAtOneProxyAfterTheOther_losesNoSession(Mode mode) {
    StickySession session = LbFixture.sessions().withMode(mode);
    Fleet fleet = new Fleet(b -> b.session(session));
    fleet.begin();

    for (boolean encrypted : new boolean[] {true, false}) {
      for (int proxy = 0; proxy < fleet.affinities.size(); proxy++) {
        fleet.restart(proxy, b -> b.session(session).encrypted(encrypted));
        fleet.begin();
        fleet.visitFor(Duration.ofMinutes(1));
      }
    }

    assertThat(fleet.lost()).isZero();
    assertNoneRejected(fleet);
  }

  @Test
  void aRotationOfEncryptedTokens_losesNoSession() {
    Fleet fleet = new Fleet(b -> b.keys(OLD).encrypted(true));
    fleet.begin();

    roll(fleet, ANNOUNCED);
    roll(fleet, SWITCHED);
    fleet.visitFor(LIFE);
    roll(fleet, NEW);

    assertThat(fleet.lost()).isZero();
    assertNoneRejected(fleet);
  }

  /** Gives one proxy after the other the keys, and a new client to each in between. */
  private static void roll(Fleet fleet, CookieKeys keys) {
    for (LbCookieAffinity<Request, Response> affinity : fleet.affinities) {
      affinity.rotate(keys);
      fleet.begin();
      fleet.visitAll();
    }
  }

  private static void assertNoneRejected(Fleet fleet) {
    for (Reason reason : new Reason[] {Reason.UNKNOWN_KEY, Reason.FORGED, Reason.MALFORMED}) {
      assertThat(fleet.rejected(reason)).as("%s", reason).isZero();
    }
  }
}
