package dev.limpet.examples.gateway.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of reading a configuration.
 *
 * @param config the configuration; null exactly if there are faults
 * @param faults all faults, by line; empty if there are none
 */
public record ConfigReading(@Nullable GatewayConfig config, List<ConfigFault> faults) {

  /** Makes a result. */
  public ConfigReading {
    faults = List.copyOf(faults);
    if ((config == null) == faults.isEmpty()) {
      throw new IllegalArgumentException("config: " + (config == null ? "absent" : "present")
          + " (expected: either a configuration or faults)");
    }
  }

  static ConfigReading of(GatewayConfig config) {
    return new ConfigReading(config, List.of());
  }
}
