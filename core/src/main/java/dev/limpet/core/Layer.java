package dev.limpet.core;

/**
 * The network layer at which requests are routed. Callers need a default branch: there may be more.
 */
public enum Layer {
  /** Connections: a session is known by its source address. */
  LAYER_4,
  /** HTTP requests: a session is known by a cookie. */
  LAYER_7;

  /** {@return {@code layer 4} or {@code layer 7}} */
  @Override
  public String toString() {
    return "layer " + (this == LAYER_4 ? 4 : 7);
  }
}
