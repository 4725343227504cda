package dev.limpet.examples.gateway.operate;

import org.jspecify.annotations.Nullable;

/**
 * A change that an operator wants. Settings are a text in JSON or YAML, with the keys and rules of
 * the configuration file.
 */
public sealed interface Edit {
  /**
   * Sets how the sessions of an owner stick.
   *
   * @param owner a pool or, in the profile classic, a listener
   * @param settings a {@code stickySession}; null to switch stickiness off
   */
  record Stickiness(String owner, @Nullable String settings) implements Edit {}

  /**
   * Changes settings of a backend; the others stay.
   *
   * @param settings a mapping of the keys that change
   * @param confirmed whether the last backend that takes new sessions may get the weight 0
   */
  record ChangeBackend(String pool, String id, String settings, boolean confirmed)
      implements Edit {}

  /**
   * Adds a backend.
   *
   * @param settings a mapping as in {@code backends}
   */
  record AddBackend(String pool, String settings) implements Edit {}

  /**
   * Removes a backend; its sessions move.
   *
   * @param confirmed whether it may be the last one that takes new sessions
   */
  record RemoveBackend(String pool, String id, boolean confirmed) implements Edit {}

  /**
   * Drains a backend.
   *
   * @param deadline a duration as in the file, after which the operator is told what is left; null
   *     for no deadline
   * @param confirmed whether it may be the last one that takes new sessions
   */
  record Drain(String pool, String id, @Nullable String deadline, boolean confirmed)
      implements Edit {}

  /** Ends the drain of a backend. */
  record Ready(String pool, String id) implements Edit {}
}
