package dev.limpet.spring.gateway;

import static java.util.stream.Collectors.joining;

import dev.limpet.core.Fault;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells which properties are wrong when the application cannot start because of them. */
final class InvalidPropertiesFailureAnalyzer
    extends AbstractFailureAnalyzer<InvalidPropertiesException> {

  @Override
  protected FailureAnalysis analyze(Throwable failure, InvalidPropertiesException cause) {
    String faults =
        cause.faults().stream().map(Fault::toString).collect(joining("\n    ", "    ", "\n"));
    return new FailureAnalysis(
        "Sticky sessions cannot be configured:\n\n" + faults,
        "Change these properties as expected.",
        cause);
  }
}
