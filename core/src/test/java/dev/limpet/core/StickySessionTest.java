package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StickySessionTest {

  @Test
  void defaultsAreSlidingAndTwentyMinutes() {
    List<StickySession> all = List.of(
        StickySession.sourceIp(),
        StickySession.lbCookie(),
        StickySession.appCookie("SID"),
        StickySession.custom());

    assertThat(all).extracting(StickySession::type).containsExactly(StickySession.Type.values());
    assertThat(all).allSatisfy(session -> {
      assertThat(session.duration()).isEqualTo(Duration.ofMinutes(20));
      assertThat(session.mode()).isEqualTo(StickySession.Mode.SLIDING);
      assertThat(session.maxDuration()).isNull();
    });
    assertThat(all).extracting(StickySession::cookieName).containsExactly(null, null, "SID", null);
  }

  @Test
  void withers_changeOneThing() {
    StickySession changed = StickySession.lbCookie()
        .withDuration(Duration.ofMinutes(5))
        .withMode(StickySession.Mode.ABSOLUTE)
        .withMaxDuration(Duration.ofHours(8))
        .withCookieName("lb");

    assertThat(changed)
        .extracting(
            StickySession::type,
            StickySession::duration,
            StickySession::mode,
            StickySession::maxDuration,
            StickySession::cookieName)
        .containsExactly(
            StickySession.Type.LB_COOKIE,
            Duration.ofMinutes(5),
            StickySession.Mode.ABSOLUTE,
            Duration.ofHours(8),
            "lb");
    assertThat(changed.withCookieName(null).withMaxDuration(null))
        .isEqualTo(StickySession.of(StickySession.Type.LB_COOKIE)
            .withDuration(Duration.ofMinutes(5))
            .withMode(StickySession.Mode.ABSOLUTE));
  }

  @Test
  void anythingCanBeDeclaredButNulls() {
    StickySession odd = StickySession.sourceIp().withDuration(Duration.ofDays(-1));

    assertThat(odd.withCookieName("").cookieName()).isEmpty();
    assertThatNullPointerException()
        .isThrownBy(() -> odd.withDuration(null))
        .withMessage("duration");
    assertThatNullPointerException().isThrownBy(() -> odd.withMode(null)).withMessage("mode");
    assertThatNullPointerException().isThrownBy(() -> StickySession.of(null)).withMessage("type");
  }

  @Test
  void namesAreThoseOfConfigurations() {
    assertThat(StickySession.Type.values())
        .extracting(StickySession.Type::toString)
        .containsExactly("source-ip", "lb-cookie", "app-cookie", "custom");
    assertThat(StickySession.Mode.values())
        .extracting(StickySession.Mode::toString)
        .containsExactly("sliding", "absolute");
    assertThat(Profile.values())
        .extracting(Profile::toString)
        .containsExactly("classic", "enhanced", "open");
    assertThat(Layer.values()).extracting(Layer::toString).containsExactly("layer 4", "layer 7");
  }

  @Test
  void life_isHowLongAnUnusedSessionLives() {
    Duration hour = Duration.ofHours(1);
    Duration day = Duration.ofDays(1);
    StickySession session = StickySession.custom().withDuration(hour);

    assertThat(session.life()).isEqualTo(hour);
    assertThat(session.withMaxDuration(day).life()).isEqualTo(hour);
    assertThat(session.withDuration(day).withMaxDuration(hour).life()).isEqualTo(hour);
    assertThat(session
            .withDuration(day)
            .withMaxDuration(hour)
            .withMode(StickySession.Mode.ABSOLUTE)
            .life())
        .isEqualTo(day);
  }

  @Test
  void sessionsAreEqual_ifAllSettingsAre() {
    StickySession session = StickySession.appCookie("SID").withMaxDuration(Duration.ofDays(1));
    List<StickySession> others = List.of(
        StickySession.of(StickySession.Type.LB_COOKIE)
            .withCookieName("SID")
            .withMaxDuration(Duration.ofDays(1)),
        session.withDuration(Duration.ofHours(1)),
        session.withMode(StickySession.Mode.ABSOLUTE),
        session.withMaxDuration(null),
        session.withCookieName("sid"));

    StickySession same = StickySession.of(StickySession.Type.APP_COOKIE)
        .withCookieName("SID")
        .withMaxDuration(Duration.ofDays(1));
    assertThat(same).isEqualTo(session).hasSameHashCodeAs(session).hasToString(session.toString());
    assertThat(others).allSatisfy(other -> assertThat(other).isNotEqualTo(session));
  }
}
