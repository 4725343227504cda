package dev.limpet.examples.gateway.config;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects faults. A node that aliases repeat is reported once. */
final class Faults {
  /** The line of a fault that concerns the file as such. */
  static final int WHOLE_FILE = 0;

  private final @Nullable String file;
  private final Set<ConfigFault> found = new LinkedHashSet<>();

  Faults(@Nullable String file) {
    this.file = file;
  }

  void add(int line, String message) {
    found.add(new ConfigFault(file, line, Shown.printable(message)));
  }

  void add(int line, String name, String value, String rule) {
    add(line, name + ": " + value + " (expected: " + rule + ")");
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /** Returns the faults by line, those of one line as they were found. */
  List<ConfigFault> sorted() {
    return found.stream().sorted(Comparator.comparingInt(ConfigFault::line)).toList();
  }
}
