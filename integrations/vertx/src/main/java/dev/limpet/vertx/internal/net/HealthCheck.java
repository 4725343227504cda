package dev.limpet.vertx.internal.net;

import dev.limpet.core.Backend;
import io.vertx.core.Future;

/** One way to check a backend. */
public interface HealthCheck {

  /**
   * Checks a backend. Called on an event loop, never again before the last result of this backend.
   *
   * @return succeeds if the backend is healthy; else fails with what it lacks
   */
  Future<Void> check(Backend backend);

  /** Returns whether a success shows that the backend serves requests, and does not only listen. */
  boolean isEndToEnd();
}
