package dev.limpet.l7;

import dev.limpet.core.Backend;
import dev.limpet.core.Balancer;
import dev.limpet.core.Load;
import dev.limpet.core.Picker;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A balancer that picks the backends in turn, and begins with the first: two pools pick alike. */
final class InTurn implements Balancer {
  private final Map<Picker.Purpose, Integer> turns = new EnumMap<>(Picker.Purpose.class);

  @Override
  public Picker picker(List<Backend> eligible, List<Load> loads) {
    return new Picker() {
      @Override
      public Backend pick(long key) {
        return pick(key, Purpose.NEW_SESSION);
      }

      @Override
      public Backend pick(long key, Purpose purpose) {
        int turn = turns.merge(purpose, 1, Integer::sum) - 1;
        return eligible.get(turn % eligible.size());
      }
    };
  }

  @Override
  public String name() {
    return "in-turn";
  }
}
