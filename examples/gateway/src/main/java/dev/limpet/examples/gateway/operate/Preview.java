package dev.limpet.examples.gateway.operate;

import dev.limpet.examples.gateway.config.ConfigFault;
import java.util.List;

/** The effect that a change of stickiness would have. */
public sealed interface Preview {
  /**
   * The effect on live bindings in the table of this gateway.
   *
   * @param stay bindings that expire when they would have expired
   * @param reinterpreted bindings that stay, but expire at another time
   * @param end bindings that end
   * @param notes other effects, a sentence each, such as what becomes of cookies
   */
  record Effect(long stay, long reinterpreted, long end, List<String> notes) implements Preview {}

  /** The change breaks rules. */
  record Faulty(List<ConfigFault> faults) implements Preview {}

  /** There is no such owner. */
  record Unknown(String message) implements Preview {}
}
