package dev.limpet.core;

import java.util.List;

/**
 * A policy that spreads new sessions over backends. Stateless; what state there is belongs to its
 * pickers. Called by many threads at once. Embedders may implement it; methods that are added later
 * have defaults.
 */
public interface Balancer {

  /**
   * {@return a picker over a set of backends} It is asked for anew only when the set or a weight in
   * it changed or, of a policy that {@linkplain #needsConnections needs connections}, a limit of
   * connections.
   *
   * @param eligible the backends that take new sessions: at least one, all of a positive weight,
   *     with different names; immutable
   * @param loads how busy each of them is, in the same order; may be read at any time later
   */
  Picker picker(List<Backend> eligible, List<Load> loads);

  /**
   * {@return whether pools of this policy must {@linkplain PoolBuilder#countConnections count
   * connections}; false by default}
   */
  default boolean needsConnections() {
    return false;
  }

  /**
   * {@return whether picks depend on keys} Then several proxies are to pick alike, and weights are
   * used as they are configured; otherwise they grow slowly where a {@linkplain
   * PoolBuilder#slowStart slow start} is set. False by default.
   */
  default boolean picksByKey() {
    return false;
  }

  /** {@return the policy's name, as messages show it} */
  String name();
}
