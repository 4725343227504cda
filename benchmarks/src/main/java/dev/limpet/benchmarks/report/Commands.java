package dev.limpet.benchmarks.report;

import dev.limpet.benchmarks.report.Measurement.Run;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** The command lines that repeat measurements. */
final class Commands {
  private static final String JMH = "java -jar benchmarks/target/benchmarks.jar ";

  private Commands() {}

  /** Returns a command for each run of JMH that these measurements are from, without the JDKs. */
  static List<String> of(Selection measurements) {
    Map<Run, List<Measurement>> runs = new LinkedHashMap<>();
    measurements
        .all()
        .forEach(m -> runs.computeIfAbsent(m.run(), r -> new ArrayList<>()).add(m));
    LinkedHashSet<String> commands = new LinkedHashSet<>();
    runs.forEach((run, results) -> commands.add(command(run, new Selection(results))));
    return List.copyOf(commands);
  }

  private static String command(Run run, Selection results) {
    LinkedHashSet<String> names = new LinkedHashSet<>();
    results.all().forEach(m -> names.add(m.benchmark()));
    StringBuilder command = new StringBuilder(JMH)
        .append(String.join(" ", names))
        .append(" -t ")
        .append(run.threads())
        .append(' ')
        .append(run.options());
    for (String param : results.params()) {
      List<String> values =
          results.values(param).stream().filter(value -> !value.isEmpty()).toList();
      command.append(" -p ").append(param).append('=').append(String.join(",", values));
    }
    return command.toString();
  }
}
