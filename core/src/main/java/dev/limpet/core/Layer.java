package dev.limpet.core;

/**
 * The network layer at which requests are routed. Callers need a default branch, because values may
 * be added.
 */
public enum Layer {
  /** Connections: the source address identifies the session. */
  LAYER_4,
  /** HTTP requests: a cookie identifies the session. */
  LAYER_7;

  /** {@return {@code layer 4} or {@code layer 7}} */
  @Override
  public String toString() {
    return "layer " + (this == LAYER_4 ? 4 : 7);
  }
}
