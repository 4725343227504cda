package dev.limpet.examples.gateway.config;

import dev.limpet.core.Fault;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Collects faults. A fault of a node that aliases repeat is reported once. */
final class Faults {
  private static final Pattern ELSEWHERE = Pattern.compile("; line [0-9]+ has it$");

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

  /** Returns the faults of a text whose lines the user does not know, as they were found. */
  List<ConfigFault> withoutLines() {
    return found.stream()
        .map(each -> new ConfigFault(null, ConfigFault.WHOLE_FILE, withoutLine(each.fault())))
        .distinct()
        .toList();
  }

  private static Fault withoutLine(Fault fault) {
    Matcher elsewhere = ELSEWHERE.matcher(fault.rule());
    return elsewhere.find()
        ? Fault.of(fault.setting(), fault.value(), elsewhere.replaceFirst(""))
        : fault;
  }
}
