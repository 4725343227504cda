package dev.limpet.core;

import java.util.List;

/**
 * A policy that spreads new sessions over backends. Stateless; any state belongs to its pickers.
 * Called by many threads at once. Embedders may implement it; methods that are added later have
 * defaults.
 */
public interface Balancer {

  /**
   * {@return a picker over a set of backends} A pool asks for a new picker only if the set or a
   * weight changes or, for a policy that {@linkplain #needsConnections needs connections}, a
   * maximum number of connections.
   *
   * @param eligible the backends that take new sessions: at least one, all of a positive weight,
   *     with different names; immutable
   * @param loads the load of each backend, in the same order; may be read at any later time
   */
  Picker picker(List<Backend> eligible, List<Load> loads);

  /**
   * {@return true if pools with this policy must {@linkplain PoolBuilder#countConnections count
   * connections}; false by default}
   */
  default boolean needsConnections() {
    return false;
  }

  /**
   * {@return true if picks depend on keys; false by default} If they do, several proxies must pick
   * alike, so weights are always used as configured. Otherwise, a {@linkplain PoolBuilder#slowStart
   * slow start} increases them gradually.
   */
  default boolean picksByKey() {
    return false;
  }

  /** {@return the policy's name, for messages} */
  String name();
}
