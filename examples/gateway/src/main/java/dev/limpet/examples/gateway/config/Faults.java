package dev.limpet.examples.gateway.config;

import dev.limpet.core.Fault;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects faults. A fault of a node that aliases repeat is reported once. */
final class Faults {
  private final @Nullable String file;
  private final Set<ConfigFault> found = new LinkedHashSet<>();

  Faults(@Nullable String file) {
    this.file = file;
  }

  void add(int line, Fault fault) {
    found.add(new ConfigFault(file, line, fault));
  }

  void add(int line, String name, String value, String rule) {
    add(line, Fault.of(name, value, rule));
  }

  /** Adds a fault that concerns the file as a whole. */
  void addWhole(String value, String rule) {
    add(ConfigFault.WHOLE_FILE, (file != null) ? file : ConfigFault.UNNAMED, value, rule);
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /** Returns the faults by line; those of one line in the order in which they were found. */
  List<ConfigFault> sorted() {
    return found.stream().sorted(Comparator.comparingInt(ConfigFault::line)).toList();
  }
}
