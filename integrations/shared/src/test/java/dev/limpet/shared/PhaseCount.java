package dev.limpet.shared;

import dev.limpet.core.Backend;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Judges where requests go, and counts it for the present phase. */
final class PhaseCount {
  private final Fleet fleet;
  private final Crowd crowd;
  private final Set<String> serving;
  private String name;
  private long began;
  private long begunBefore;
  private ModelTraffic before;
  private long requests;
  private long failed;
  private long hashed;
  private long disagreements;
  private long last;

  PhaseCount(Fleet fleet, Crowd crowd, List<String> backends) {
    this.fleet = fleet;
    this.crowd = crowd;
    this.serving = new HashSet<>(backends);
  }

  void begin(String phase) {
    name = phase;
    began = fleet.time.nanos();
    last = began;
    begunBefore = crowd.begun();
    before = fleet.store.traffic();
    requests = 0;
    failed = 0;
    hashed = 0;
    disagreements = 0;
  }

  PhaseFigures end() {
    return new PhaseFigures(
        name,
        crowd.begun() - begunBefore,
        requests,
        failed,
        hashed,
        disagreements,
        Duration.ofNanos(last - began),
        fleet.store.traffic().since(before));
  }

  /** Sessions need not stay on a backend any more, whether their proxies know that or not. */
  void removed(String backend) {
    serving.remove(backend);
  }

  void added(String backend) {
    serving.add(backend);
  }

  void answered(int place, long session, Route route) {
    requests++;
    hashed += (route.reason() == Reason.STORE_UNAVAILABLE) ? 1 : 0;
    Backend backend = route.backend();
    if (backend == null) {
      failed++;
      return;
    }
    String home = crowd.serve(place, session, backend.id());
    if (home != null && !home.equals(backend.id()) && serving.contains(home)) {
      disagreements++;
      last = fleet.time.nanos();
    }
  }
}
