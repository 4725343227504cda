package dev.limpet.core;

import java.util.List;

/**
 * A policy that spreads new sessions over backends. Stateless; what state there is belongs to its
 * pickers. Called by many threads at once.
 */
public interface Balancer {

  /**
   * {@return a picker over a set of backends} It is asked for anew only when the set or a weight in it
   * changed.
   *
   * @param eligible the backends that take new sessions: at least one, all of a positive weight, with
   *     different names; immutable
   */
  Picker picker(List<Backend> eligible);

  /** {@return the policy's name as configuration spells it} */
  String name();
}
