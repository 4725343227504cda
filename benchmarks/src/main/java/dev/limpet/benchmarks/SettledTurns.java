package dev.limpet.benchmarks;

import dev.limpet.core.Backend;
import dev.limpet.core.Balancer;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Load;
import dev.limpet.core.Picker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A round robin whose cycle always begins at the same turn, so that a simulation can be repeated.
 */
final class SettledTurns implements Balancer {
  private final Balancer turns;

  SettledTurns(Balancer turns) {
    this.turns = turns;
  }

  @Override
  public Picker picker(List<Backend> eligible, List<Load> loads) {
    return settled(turns.picker(eligible, loads), eligible);
  }

  /** Advances to the first turn of the cycle. */
  private static Picker settled(Picker picker, List<Backend> eligible) {
    List<Backend> cycle = new ArrayList<>();
    int total = eligible.stream().mapToInt(Backend::weight).sum();
    for (int turn = 0; turn < total; turn++) {
      cycle.add(picker.pick(KeyExtractor.NONE));
    }
    for (int skipped = first(cycle); skipped > 0; skipped--) {
      picker.pick(KeyExtractor.NONE);
    }
    return picker;
  }

  @Override
  public String name() {
    return turns.name();
  }

  /** {@return the turn from which the cycle is the first one in alphabetical order} */
  private static int first(List<Backend> cycle) {
    List<Backend> rotated = new ArrayList<>(cycle);
    int first = 0;
    String least = spelled(rotated);
    for (int turn = 1; turn < cycle.size(); turn++) {
      Collections.rotate(rotated, -1);
      String spelled = spelled(rotated);
      if (spelled.compareTo(least) < 0) {
        least = spelled;
        first = turn;
      }
    }
    return first;
  }

  private static String spelled(List<Backend> cycle) {
    return cycle.stream().map(Backend::id).collect(Collectors.joining(" "));
  }
}
