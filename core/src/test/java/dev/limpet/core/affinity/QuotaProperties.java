package dev.limpet.core.affinity;

import static dev.limpet.core.affinity.QuotaScene.T;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** What holds in any history of requests, log-outs and time. */
class QuotaProperties {
  private static final int GROUPS = 3;
  private static final int SESSIONS = 12;

  @Property(tries = 1_000)
  void noGroupHasMoreLiveBindingsThanItsCap_andWhoComesBackInTimeStays(
      @ForAll("quotas") Limits limits, @ForAll("histories") List<Step> history) {
    QuotaScene scene = new QuotaScene(limits.quota());
    Map<String, Visit> visits = new HashMap<>();
    long now = 0;

    for (Step step : history) {
      scene.pass(step.time());
      now += step.time().toNanos();
      if (step.end()) {
        scene.router.unbind(step.session());
        visits.remove(step.session());
      } else {
        Visit visit = new Visit(scene.route(step.session()).backend(), now);
        Visit last = visits.put(step.session(), visit);
        if (last != null && now - last.at() < T.toNanos()) {
          assertThat(visit.backend()).isEqualTo(last.backend());
        }
      }
      for (int group = 0; group < GROUPS; group++) {
        assertThat(live(scene, group)).isLessThanOrEqualTo(limits.cap());
      }
    }
  }

  private static int live(QuotaScene scene, int group) {
    int live = 0;
    for (int session = 0; session < SESSIONS; session++) {
      live += scene.isBound(group + "/" + session) ? 1 : 0;
    }
    return live;
  }

  @Provide
  Arbitrary<Limits> quotas() {
    Arbitrary<Integer> caps = Arbitraries.integers().between(1, 5);
    return Combinators.combine(caps, Arbitraries.of(0, 1, 2)).as((cap, perSecond) -> {
      Quota quota = Quota.ofLive(cap);
      return new Limits((perSecond == 0) ? quota : quota.andNewPerSecond(perSecond), cap);
    });
  }

  @Provide
  Arbitrary<List<Step>> histories() {
    Arbitrary<Duration> times = Arbitraries.frequencyOf(
        Tuple.of(10, Arbitraries.just(Duration.ZERO)),
        Tuple.of(5, Arbitraries.longs().between(0, 2_000).map(Duration::ofMillis)),
        Tuple.of(5, Arbitraries.longs().between(0, 700).map(Duration::ofSeconds)),
        Tuple.of(1, Arbitraries.longs().between(1_100, 1_300).map(Duration::ofSeconds)));
    Arbitrary<Integer> groups = Arbitraries.integers().between(0, GROUPS - 1);
    Arbitrary<Integer> sessions = Arbitraries.integers().between(0, SESSIONS - 1);
    Arbitrary<Boolean> ends = Arbitraries.frequency(Tuple.of(9, false), Tuple.of(1, true));
    return Combinators.combine(times, groups, sessions, ends)
        .as((time, group, session, end) -> new Step(time, group + "/" + session, end))
        .list()
        .ofMaxSize(100);
  }

  record Limits(Quota quota, int cap) {}

  record Step(Duration time, String session, boolean end) {}

  record Visit(Backend backend, long at) {}
}
