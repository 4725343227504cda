package dev.limpet.spring.gateway;

import dev.limpet.core.Pool;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;

/**
 * A pool with all that routes to its backends.
 *
 * @param pool the backends
 * @param affinity finds and binds the sessions
 * @param router routes requests
 * @param isMcp whether clients expect errors of the Model Context Protocol
 * @param maxConnections the maximum number of requests at a time of a discovered backend; 0 for no
 *     limit
 * @param isListed whether the properties list the backends
 */
record StickyPool<Q, S>(
    Pool pool,
    HttpAffinity<Q, S> affinity,
    HttpRouter<Q, S> router,
    boolean isMcp,
    int maxConnections,
    boolean isListed) {

  String name() {
    return pool.name();
  }
}
