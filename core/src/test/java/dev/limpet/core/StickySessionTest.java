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
        .isEqualTo(new StickySession(
            StickySession.Type.LB_COOKIE,
            Duration.ofMinutes(5),
            StickySession.Mode.ABSOLUTE,
            Duration.ofHours(8),
            "lb"));
    assertThat(changed.withCookieName(null).withMaxDuration(null))
        .isEqualTo(new StickySession(
            StickySession.Type.LB_COOKIE,
            Duration.ofMinutes(5),
            StickySession.Mode.ABSOLUTE,
            null,
            null));
  }

  @Test
  void anythingCanBeDeclaredButNulls() {
    StickySession odd = StickySession.sourceIp().withDuration(Duration.ofDays(-1));

    assertThat(odd.withCookieName("").cookieName()).isEmpty();
    assertThatNullPointerException()
        .isThrownBy(() -> odd.withDuration(null))
        .withMessage("duration");
    assertThatNullPointerException().isThrownBy(() -> odd.withMode(null)).withMessage("mode");
    assertThatNullPointerException()
        .isThrownBy(
            () -> new StickySession(null, Duration.ZERO, StickySession.Mode.SLIDING, null, null))
        .withMessage("type");
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
  void aFaultNamesTheSettingTheValueTheRuleAndItsScope() {
    Fault fault = new Fault("weight", "300", "0..256", "line 7");

    assertThat(fault).hasToString("weight: 300 (expected: 0..256) [line 7]");
    assertThat(Fault.exception(List.of(fault, fault)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "weight: 300 (expected: 0..256) [line 7]; weight: 300 (expected: 0..256) [line 7]");
    assertThatNullPointerException()
        .isThrownBy(() -> new Fault("weight", "300", "0..256", null))
        .withMessage("scope");
  }
}
