package dev.limpet.core;

import java.util.List;

/** The round robin, without its random start. */
final class FromTheBeginning implements Balancer {
  @Override
  public Picker picker(List<Backend> eligible, List<Load> loads) {
    return WeightedRoundRobin.Turns.of(eligible, 0);
  }

  @Override
  public String name() {
    return "from-the-beginning";
  }
}
