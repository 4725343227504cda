package dev.limpet.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@link FleetSoak} shows at full size. */
class FleetSimulationTest {
  private static final FleetScale SCALE =
      new FleetScale(10, 10_000, 1_000, 100, Duration.ofSeconds(4), 3);

  /** Some times what it takes until a session has come to each of its proxies. */
  private static final Duration ONE_USE = SCALE.gap().multipliedBy(5L * SCALE.met());

  private static Map<String, PhaseFigures> told;

  @BeforeAll
  static void simulate() {
    told = FleetStory.tell(new FleetSimulation(SCALE, 1), Duration.ofMinutes(2));
  }

  @Test
  void noRequestFails_whateverHappens() {
    assertThat(told.values()).allSatisfy(phase -> {
      assertThat(phase.failed()).isZero();
      assertThat(phase.requests()).isPositive();
    });
  }

  @Test
  void allProxiesAgree_whileTheStoreAnswersAndMessagesArrive() {
    for (String name :
        List.of(FleetStory.WELL, FleetStory.HEALED, FleetStory.REMOVED, FleetStory.FAILED)) {
      assertThat(told.get(name).disagreements()).as(name).isZero();
      assertThat(told.get(name).hashed()).as(name).isZero();
    }
    assertThat(told.get(FleetStory.REMOVED).traffic().of(ModelTraffic.Kind.MOVED))
        .isPositive();
    assertThat(told.get(FleetStory.FAILED).traffic().of(ModelTraffic.Kind.MOVED))
        .isPositive();
  }

  @Test
  void proxiesThatAreCutOffAgreeWithTheOthers_asLongAsTheBackendsAreTheSame() {
    assertThat(told.get(FleetStory.CUT).hashed()).isPositive();
    assertThat(told.get(FleetStory.CUT).disagreements()).isZero();
  }

  @Test
  void proxiesThatCameBackAgreeWithTheOthersAtOnce_whateverChangedMeanwhile() {
    assertThat(told.get(FleetStory.CUT_SINCE).hashed()).isPositive();
    assertThat(told.get(FleetStory.HEALED_SINCE).hashed()).isZero();
    assertThat(told.get(FleetStory.HEALED_SINCE).lastDisagreement()).isLessThan(ONE_USE);
    assertThat(told.get(FleetStory.RESTARTED).lastDisagreement()).isLessThan(ONE_USE);
  }

  @Test
  void afterBindingsOrMessagesAreLostSilently_allAgreeAgainWithinAboutAQuarterOfTheDuration() {
    Duration most = Fleet.T.dividedBy(4).plus(Fleet.T.dividedBy(16));

    assertThat(told.get(FleetStory.FLUSHED).lastDisagreement()).isLessThan(most);
    assertThat(told.get(FleetStory.DEAF).disagreements()).isPositive();
    assertThat(told.get(FleetStory.DEAF).lastDisagreement())
        .isLessThan(most.plusSeconds(10).plus(FleetSimulation.LEARNING));
  }

  @Test
  void aMessageInAHundredLost_disturbsFewSessions() {
    assertThat(told.get(FleetStory.LOSSY).disagreements())
        .isLessThan(told.get(FleetStory.DEAF).disagreements() / 10);
  }

  @Test
  void aSessionOfAHundredRequestsAtTwoProxies_asksTheStoreForAtMostOneRequestInTwenty() {
    FleetTraffic traffic = FleetTraffic.measure(SCALE.withMet(2, Duration.ofSeconds(3)), 1);

    assertThat(traffic.callsPerRequest()).isBetween(0.02, 0.05);
  }

  @Test
  void theSameSeedGivesTheSameFigures() {
    FleetScale small = new FleetScale(5, 1_000, 100, 10, Duration.ofSeconds(1), 2);

    assertThat(run(small, 7)).isEqualTo(run(small, 7)).isNotEqualTo(run(small, 8));
  }

  private static String run(FleetScale scale, long seed) {
    FleetSimulation fleet = new FleetSimulation(scale, seed);
    return fleet.phase("lossy", Duration.ofMinutes(2), () -> fleet.lose(0.1)).row();
  }
}
