package dev.limpet.core.affinity;

import static dev.limpet.core.affinity.QuotaScene.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A quota of new sessions in a second. */
class NewSessionRateTest {
  @Test
  void newSessions_areLimitedByTheSecond() {
    QuotaScene scene = new QuotaScene(Quota.ofNewPerSecond(10));
    for (int i = 0; i < 10; i++) {
      assertThat(scene.route(i + "/x").outcome()).isEqualTo(Outcome.NEW);
    }
    Route late = scene.route("10/x");
    assertThat(late.outcome()).isEqualTo(Outcome.HASHED);
    assertThat(late.reason()).isEqualTo(Reason.OVER_QUOTA);
    assertThat(scene.route("0/x").outcome()).isEqualTo(Outcome.KEPT);

    scene.pass(Duration.ofMillis(100).minusNanos(1));
    assertThat(scene.route("10/x").outcome()).isEqualTo(Outcome.HASHED);
    scene.pass(Duration.ofNanos(1));
    Route again = scene.route("10/x");
    assertThat(again.outcome()).isEqualTo(Outcome.NEW);
    assertThat(again.backend()).isEqualTo(late.backend());
    assertThat(scene.route("11/x").outcome()).isEqualTo(Outcome.HASHED);
    assertThat(scene.affinity.overQuota()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7, 999, 600_001, 1_000_000})
  void newSessionsAtOnce_areAsManyAsOfASecond(int perSecond) {
    NewSessionRate rate = new NewSessionRate(perSecond, 1);
    long admitted =
        IntStream.range(0, perSecond + 9).filter(i -> rate.admits(0)).count();
    assertThat(admitted).isEqualTo(perSecond);
    long interval = (1_000_000_000L + perSecond - 1) / perSecond;
    assertThat(rate.admits(interval - 1)).isFalse();
    assertThat(rate.admits(interval)).isTrue();
    assertThat(rate.admits(interval)).isFalse();
  }

  @Test
  void sessionsOverTheRate_areHashedForADuration() {
    QuotaScene scene = new QuotaScene(Quota.ofNewPerSecond(1));
    scene.route("g/1");
    scene.route("g/2");
    scene.pass(T.minusNanos(1));
    assertThat(scene.router.peek("other/1").byHash()).isTrue();
    scene.pass(T.dividedBy(100));
    assertThat(scene.router.peek("other/1").byHash()).isFalse();
  }

  @Test
  void groupAtItsCap_takesNothingOfTheRate() {
    QuotaScene scene = new QuotaScene(Quota.ofLive(1).andNewPerSecond(3));
    scene.route("flood/0");
    for (int i = 1; i < 100; i++) {
      assertThat(scene.route("flood/" + i).outcome()).isEqualTo(Outcome.HASHED);
    }
    assertThat(scene.route("other/0").outcome()).isEqualTo(Outcome.NEW);
    assertThat(scene.route("another/0").outcome()).isEqualTo(Outcome.NEW);
    assertThat(scene.route("yet another/0").outcome()).isEqualTo(Outcome.HASHED);
  }

  @Test
  void sessionThatEndsAndBeginsAgain_isNewAgain() {
    QuotaScene scene = new QuotaScene(Quota.ofNewPerSecond(2));
    scene.route("g/1");
    scene.router.unbind("g/1");
    assertThat(scene.route("g/1").outcome()).isEqualTo(Outcome.NEW);
    scene.router.unbind("g/1");
    assertThat(scene.route("g/1").outcome()).isEqualTo(Outcome.HASHED);
  }
}
