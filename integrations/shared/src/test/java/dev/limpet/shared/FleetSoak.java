package dev.limpet.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A large fleet: how well its proxies agree, and what they ask the store. Prints the tables of
 * {@code docs/internals/fleet-simulation.md}.
 */
class FleetSoak {
  private static final int[] MET = {1, 2, 3, 10, 50};
  private static final int[] GAPS_MILLIS = {1_000, 3_000, 12_000};

  @Test
  void fiftyProxiesAndAMillionSessions() {
    FleetScale scale = new FleetScale(50, 60_000, 125_000, 100, Duration.ofSeconds(4), 3);

    Map<String, PhaseFigures> told =
        FleetStory.tell(new FleetSimulation(scale, 1), Duration.ofMinutes(3));

    print(PhaseFigures.HEAD, told.values().stream().map(PhaseFigures::row).toList());
    assertThat(told.values().stream().mapToLong(PhaseFigures::sessions).sum())
        .isGreaterThan(1_000_000 - scale.sessionsAtOnce());
    assertThat(told.values()).allMatch(phase -> phase.failed() == 0);
    for (String name : List.of(FleetStory.WELL, FleetStory.CUT, FleetStory.HEALED)) {
      assertThat(told.get(name).disagreements()).as(name).isZero();
    }
  }

  @Test
  void whatTheStoreIsAsked() {
    FleetScale scale = new FleetScale(50, 80_000, 3_000, 100, Duration.ZERO, 0);
    List<FleetTraffic> measured = new ArrayList<>();
    for (int met : MET) {
      for (int gap : GAPS_MILLIS) {
        measured.add(FleetTraffic.measure(scale.withMet(met, Duration.ofMillis(gap)), 1));
      }
    }

    print(FleetTraffic.HEAD, measured.stream().map(FleetTraffic::row).toList());
    assertThat(measured)
        .filteredOn(
            traffic -> traffic.scale().met() <= 2 && traffic.scale().gap().toSeconds() <= 3)
        .allMatch(traffic -> traffic.callsPerRequest() <= 0.05);
  }

  @SuppressWarnings("SystemOut")
  private static void print(String head, List<String> rows) {
    System.out.println(head);
    rows.forEach(System.out::println);
  }
}
