package dev.limpet.examples.gateway.operate;

/**
 * What the backends of a pool have served since the gateway started. The numbers only grow, and are
 * those of all listeners of the pool. Safe for use by many threads at once.
 */
public interface BackendCounts {
  /**
   * Returns the number of requests that a backend served.
   *
   * @param name the backend's name, by which bindings refer to it
   */
  long requests(String name);

  /** Returns the number of sessions that moved to a backend from another one. */
  long movedIn(String name);

  /** Returns the number of sessions that moved from a backend to another one. */
  long movedOut(String name);
}
