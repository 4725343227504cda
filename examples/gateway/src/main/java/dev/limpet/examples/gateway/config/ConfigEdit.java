package dev.limpet.examples.gateway.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of changing a document. It may still break rules, which {@link ConfigDocument#read}
 * finds.
 *
 * @param document the changed document; null exactly if there are faults
 * @param faults why it could not be changed; empty if it could
 */
public record ConfigEdit(@Nullable ConfigDocument document, List<ConfigFault> faults) {

  /** Makes a result. */
  public ConfigEdit {
    faults = List.copyOf(faults);
  }

  static ConfigEdit of(ConfigDocument document) {
    return new ConfigEdit(document, List.of());
  }

  static ConfigEdit of(Faults faults) {
    return new ConfigEdit(null, faults.withoutLines());
  }

  /** Reads the changed document. */
  public ConfigReading read() {
    return (document == null) ? new ConfigReading(null, faults) : document.read();
  }
}
