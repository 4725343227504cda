package dev.limpet.examples.gateway.config;

import dev.limpet.core.Backend;
import dev.limpet.vertx.BackendTls;
import org.jspecify.annotations.Nullable;

/**
 * A backend of a pool.
 *
 * @param backend its id, address, scheme and weight; it carries {@code tls} as its attachment
 * @param drain whether it takes no new sessions
 * @param tls what its certificate must have; null unless its scheme is https
 */
public record BackendConfig(
    Backend backend, boolean drain, @Nullable BackendTls tls) {

  /** Returns the backend's id. */
  public String id() {
    return backend.id();
  }
}
