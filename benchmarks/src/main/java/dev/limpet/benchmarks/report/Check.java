package dev.limpet.benchmarks.report;

import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Compares rounds of benchmarks with the targets and with the accepted numbers, and prints a table.
 * Exits with 0 if all targets hold, with 1 if one is missed, and with 2 if a file is not as
 * expected.
 *
 * <pre>java -cp benchmarks.jar dev.limpet.benchmarks.report.Check last.json check/1 check/2</pre>
 */
public final class Check {
  private static final String ACCEPT = "--accept";
  private static final String LINE = "%-64s %-22s %-9s %-10s %s%n";

  private final List<Results> rounds;

  private Check(List<Results> rounds) {
    this.rounds = rounds;
  }

  /**
   * Checks, and exits.
   *
   * @param args {@code --accept} to write the accepted numbers first, their file, and the folder of
   *     each round
   */
  public static void main(String[] args) {
    System.exit(status(System.out, System.err, args));
  }

  static int status(PrintStream out, PrintStream err, String... args) {
    List<String> files = Stream.of(args).filter(arg -> !arg.equals(ACCEPT)).toList();
    try {
      if (files.size() < 2) {
        throw new IllegalArgumentException(
            "arguments: " + args.length + " (expected: [--accept] LAST ROUND…)");
      }
      Path last = Path.of(files.get(0));
      List<Run> runs =
          files.stream().skip(1).map(folder -> Run.read(Path.of(folder))).toList();
      Check check = new Check(runs.stream().map(Run::results).toList());
      if (files.size() < args.length) {
        check.accepted(runs.get(0).jdk()).write(last);
      }
      return check.compare(Accepted.read(last), out) ? 0 : 1;
    } catch (IllegalArgumentException | UncheckedIOException e) {
      err.println(e.getMessage());
      return 2;
    }
  }

  /**
   * Returns what was measured.
   *
   * @throws IllegalArgumentException if a target was not measured
   */
  private Accepted accepted(String jdk) {
    Map<String, Double> ratios = new LinkedHashMap<>();
    for (Target target : Targets.all()) {
      List<Double> values = target.values(rounds);
      if (values.isEmpty()) {
        throw new IllegalArgumentException(target.name() + ": not measured (expected: a number)");
      }
      ratios.put(target.name(), Double.valueOf(Numbers.exact(Spread.of(values).median())));
    }
    return new Accepted(Machine.processor(), jdk, ratios);
  }

  /** Prints the table, and returns whether all targets hold. */
  private boolean compare(Accepted last, PrintStream out) {
    out.println("last: " + last.processor() + ", JDK " + last.jdk());
    out.printf(LINE, "target", "now", "last", "bound", "");
    boolean all = true;
    for (Target target : Targets.all()) {
      all &= compare(target, last.ratio(target.name()), out);
    }
    return all;
  }

  private boolean compare(Target target, double accepted, PrintStream out) {
    List<Double> values = target.values(rounds);
    boolean holds = !values.isEmpty() && target.holds(Spread.of(values).median(), accepted);
    out.printf(
        LINE,
        target.name(),
        values.isEmpty() ? "not measured" : Spread.of(values),
        Numbers.shown(accepted),
        target.rule().shown(target.bound(accepted)),
        holds ? target.rule().success() : "missed");
    return holds;
  }
}
