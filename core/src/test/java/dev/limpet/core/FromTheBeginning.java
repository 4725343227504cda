package dev.limpet.core;

import java.util.List;

/** The round robin, without its random start. */
final class FromTheBeginning implements Balancer {
  @Override
  public Picker picker(List<Backend> eligible) {
    return new WeightedRoundRobin.Turns(WeightedRoundRobin.cycle(eligible), 0);
  }

  @Override
  public String name() {
    return "from-the-beginning";
  }
}
