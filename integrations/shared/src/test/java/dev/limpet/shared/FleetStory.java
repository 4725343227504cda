package dev.limpet.shared;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What happens to a fleet, one thing after another. */
final class FleetStory {
  static final String WELL = "all well";
  static final String CUT = "a fifth of the proxies cut off";
  static final String HEALED = "healed";
  static final String ADDED = "a backend added";
  static final String CUT_SINCE = "a fifth cut off just then";
  static final String HEALED_SINCE = "healed again";
  static final String REMOVED = "a backend removed";
  static final String FAILED = "a backend down for 10 s";
  static final String ADDED_AGAIN = "another backend added";
  static final String FLUSHED = "the store flushed just then";
  static final String ADDED_LAST = "a third backend added";
  static final String RESTARTED = "the store 5 s away and empty just then";
  static final String LOSSY = "1 % of all lost, a backend down for 10 s";
  static final String DEAF = "all messages lost, a backend down for 10 s";

  private static final Duration OUTAGE = Duration.ofSeconds(10);
  private static final Duration MOMENT = Duration.ofSeconds(5);
  private static final double CUT_SHARE = 0.2;
  private static final double LOST_SHARE = 0.01;

  private final FleetSimulation fleet;
  private final Map<String, PhaseFigures> told = new LinkedHashMap<>();

  private FleetStory(FleetSimulation fleet) {
    this.fleet = fleet;
  }

  /**
   * {@return the figures of all phases, by name}
   *
   * @param each how long a phase is; those in which proxies learn from uses alone take a third of a
   *     duration
   */
  static Map<String, PhaseFigures> tell(FleetSimulation fleet, Duration each) {
    FleetStory story = new FleetStory(fleet);
    Duration third = Fleet.T.dividedBy(3);
    story.phase(WELL, third, () -> {});
    story.phase(CUT, each, () -> fleet.cut(CUT_SHARE));
    story.phase(HEALED, each, fleet::heal);
    story.phase(ADDED, MOMENT, () -> fleet.add("new"));
    story.phase(CUT_SINCE, each, () -> fleet.cut(CUT_SHARE));
    story.phase(HEALED_SINCE, each, fleet::heal);
    story.phase(REMOVED, each, () -> fleet.remove("b0"));
    story.phase(FAILED, each, () -> fleet.fail("b1", OUTAGE));
    story.phase(ADDED_AGAIN, MOMENT, () -> fleet.add("new2"));
    story.phase(FLUSHED, third, fleet::flush);
    story.phase(ADDED_LAST, MOMENT, () -> fleet.add("new3"));
    story.phase(RESTARTED, each, () -> fleet.restart(MOMENT));
    story.phase(LOSSY, third, () -> {
      fleet.lose(LOST_SHARE);
      fleet.fail("b2", OUTAGE);
    });
    fleet.lose(0);
    story.phase(DEAF, third, () -> {
      fleet.deafen();
      fleet.fail("b3", OUTAGE);
    });
    return story.told;
  }

  private void phase(String name, Duration time, Runnable event) {
    told.put(name, fleet.phase(name, time, event));
  }
}
