package dev.limpet.examples.gateway.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of reading a configuration together with its text.
 *
 * @param source the configuration; null exactly if there are faults
 * @param faults all faults, by line; empty if there are none
 */
public record SourceReading(@Nullable ConfigSource source, List<ConfigFault> faults) {

  /** Makes a result. */
  public SourceReading {
    faults = List.copyOf(faults);
  }
}
