package dev.limpet.examples.fleet;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Requests of several sessions; those of one session are in order.
 *
 * @param all the requests
 */
record Visits(List<Visit> all) {

  Visits {
    all = List.copyOf(all);
  }

  Visits where(Predicate<Visit> condition) {
    return new Visits(all.stream().filter(condition).toList());
  }

  int size() {
    return all.size();
  }

  long sessions() {
    return all.stream().map(Visit::session).distinct().count();
  }

  long stuck() {
    return all.stream().filter(Visit::stuck).count();
  }

  long failed() {
    return all.stream().filter(Visit::failed).count();
  }

  /** Returns whether there are requests, and all of them reached their session. */
  boolean allStuck() {
    return !all.isEmpty() && stuck() == size();
  }

  /** Returns whether there are requests, and each session was served by one backend only. */
  boolean allSteady() {
    Map<String, String> first = new HashMap<>();
    return !all.isEmpty()
        && all.stream()
            .allMatch(visit -> !visit.failed()
                && visit
                    .backend()
                    .equals(first.computeIfAbsent(visit.session(), s -> visit.backend())));
  }

  /** Returns the requests that did not reach their session. */
  Stream<Visit> strays() {
    return all.stream().filter(visit -> !visit.stuck());
  }
}
