package dev.limpet.core.affinity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.PoolEdit;
import dev.limpet.core.UnreliableTable.End;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What holds in any history of requests whose calls end in any way, in any order. */
class AdmissionEndProperties {
  private static final int SESSIONS = 12;
  private static final int STEPS = 120;
  private static final List<End> ENDS = List.of(End.values());

  @Property(tries = 300)
  void whenAllAreAnsweredNothingIsPending_andNoGroupExceedsItsCap(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int cap, @ForAll boolean limitsRate) {
    Random random = new Random(seed);
    Quota quota = Quota.ofLive(cap);
    QuotaScene scene = QuotaScene.late(limitsRate ? quota.andNewPerSecond(2) : quota);

    for (int step = 0; step < STEPS; step++) {
      act(scene, random);
      for (int group = 0; group < 2; group++) {
        assertThat(live(scene, group)).isLessThanOrEqualTo(cap);
      }
    }
    scene.late.answerAll();

    assertThat(scene.affinity.pendingAdmissions()).isZero();
  }

  private static void act(QuotaScene scene, Random random) {
    String session = random.nextInt(2) + "/" + random.nextInt(SESSIONS);
    switch (random.nextInt(12)) {
      case 0 -> scene.router.unbind(session);
      case 1 -> scene.pass(Duration.ofSeconds(random.nextInt(60)));
      case 2 -> scene.pass(QuotaScene.T.dividedBy(1 + random.nextInt(3)));
      case 3 -> scene.each(random.nextBoolean() ? PoolEdit::down : PoolEdit::up);
      case 4, 5, 6 -> scene.late.answerAny(random);
      default -> {
        scene.late.ends(ENDS.get(random.nextInt(ENDS.size())));
        scene.router.routeAsync(session);
      }
    }
  }

  private static long live(QuotaScene scene, int group) {
    return IntStream.range(0, SESSIONS)
        .filter(session -> scene.isBound(group + "/" + session))
        .count();
  }
}
