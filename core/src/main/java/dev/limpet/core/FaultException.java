package dev.limpet.core;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Thrown if settings violate rules. Its message names all faults. Immutable.
 *
 * @see Fault
 */
public final class FaultException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final transient @Nullable List<Fault> faults;

  /**
   * Makes an exception.
   *
   * @param faults the faults, one or more
   */
  public FaultException(List<Fault> faults) {
    super(faults.stream().map(Fault::toString).collect(Collectors.joining("; ")));
    this.faults = List.copyOf(faults);
  }

  /**
   * Makes an exception for one fault.
   *
   * @param fault the fault
   */
  public FaultException(Fault fault) {
    this(List.of(fault));
  }

  /**
   * {@return the faults, one or more; empty after deserialization, when only the message names
   * them}
   */
  public List<Fault> faults() {
    return (faults == null) ? List.of() : faults;
  }
}
