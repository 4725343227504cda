package dev.limpet.spring.gateway;

import dev.limpet.core.Fault;
import java.util.List;
import java.util.stream.Collectors;

/** Thrown if properties violate their rules. The message names all of them and shows no secret. */
final class InvalidPropertiesException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Fault> faults;

  InvalidPropertiesException(List<Fault> faults) {
    super(faults.stream().map(Fault::toString).collect(Collectors.joining("; ")));
    this.faults = List.copyOf(faults);
  }

  List<Fault> faults() {
    return faults;
  }
}
