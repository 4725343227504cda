package dev.limpet.examples.gateway.config;

import dev.limpet.core.Backend;

/**
 * A backend of a pool.
 *
 * @param backend its id, address and weight
 * @param drain whether it takes no new sessions
 */
public record BackendConfig(Backend backend, boolean drain) {

  /** Returns the backend's id. */
  public String id() {
    return backend.id();
  }
}
