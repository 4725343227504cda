package dev.limpet.examples.gateway.operate;

import dev.limpet.examples.gateway.config.ConfigFault;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The result of a change. */
public sealed interface Change {
  /**
   * The change is in effect.
   *
   * @param version the version since then; the same as before if nothing had to change
   * @param differences what changed, a line each, such as {@code pools.web.backends.web1.weight: 5
   *     -> 3}
   * @param written whether the file has the change too
   * @param paste the text to write into the file by hand; null if that is not needed, or there is
   *     no file
   */
  record Done(
      long version,
      List<String> differences,
      boolean written,
      @Nullable String paste) implements Change {}

  /**
   * The change breaks rules. The faults have the texts of the configuration file's faults.
   *
   * @param faults at least one
   */
  record Faulty(List<ConfigFault> faults) implements Change {}

  /**
   * The gateway has changed since the version that the operator has seen.
   *
   * @param version the present version
   * @param differences the changes since then, a line each; empty if that is too long ago
   */
  record Stale(long version, List<String> differences) implements Change {}

  /**
   * The change would leave a pool without a backend that takes new sessions.
   *
   * @param message says so, and how to confirm
   */
  record Unconfirmed(String message) implements Change {}

  /**
   * There is no such pool, listener or backend.
   *
   * @param message as {@code name: value (expected: rule)}
   */
  record Unknown(String message) implements Change {}
}
