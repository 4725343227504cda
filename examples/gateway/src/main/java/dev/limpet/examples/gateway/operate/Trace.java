package dev.limpet.examples.gateway.operate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of tracing a request: where its session is bound, and the steps that found it.
 *
 * @param steps in order
 * @param backend the id of the backend that would serve the request now; null if no backend
 *     would, or the balancer would choose it
 * @param outcome what a request would get now, as {@code KEPT}
 * @param reason why, as {@code UNKNOWN}; null if the outcome needs none
 * @param ifUnreachable what a reroute would do if that backend could not be reached, as a sentence
 */
public record Trace(
    List<Step> steps,
    @Nullable String backend,
    String outcome,
    @Nullable String reason,
    String ifUnreachable) {

  /**
   * A step.
   *
   * @param what such as {@code key}, {@code binding}, {@code backend}, {@code decision}
   * @param text a sentence without secrets
   */
  public record Step(String what, String text) {}
}
