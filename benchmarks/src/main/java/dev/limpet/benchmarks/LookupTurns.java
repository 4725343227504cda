package dev.limpet.benchmarks;

import dev.limpet.benchmarks.LookupTimes.Lookup;
import dev.limpet.benchmarks.LookupTimes.Time;
import dev.limpet.benchmarks.load.Options;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * How many times as long does a lookup take in one table as in another, at the same time?
 *
 * <p>In a table that does not fit into the processor's own caches, a lookup takes as long as the
 * memory does, and that changes from second to second where other virtual machines use the same
 * memory. So a ratio of times that were measured one after the other may be wrong by half. Here,
 * each table has a process of its own, and all look up sessions in turns of a fifth of a second, in
 * an order that changes. A ratio is one of times within a turn, and the median of the turns counts.
 *
 * <pre>java -cp benchmarks.jar dev.limpet.benchmarks.LookupTurns</pre>
 */
@Command(
    name = "LookupTurns",
    description = "Times lookups of several tables in turns, and prints how they compare.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:measured", "1:a process ended", "2:a bad option"},
    mixinStandardHelpOptions = true)
public final class LookupTurns implements Callable<Integer> {
  private static final List<String> ACCESSES = List.of("independent", "dependent");
  private static final String TABLES = "coarse|caffeine|rawCaffeine|rawChm|memoryFloor";
  private static final String SESSIONS = "1..10000000";
  private static final int MAX_SESSIONS = 10_000_000;
  private static final int WARM_UPS = 15;

  @Option(
      names = "--sessions",
      split = ",",
      paramLabel = SESSIONS,
      converter = Sessions.class,
      description = "Sessions in each table. Default: ${DEFAULT-VALUE}.")
  private List<Integer> sessions = List.of(1_000_000);

  @Option(
      names = "--turns",
      paramLabel = Options.COUNT,
      converter = Options.Count.class,
      description = "Turns that count. Default: ${DEFAULT-VALUE}.")
  private int turns = 40;

  @Option(
      names = "--tables",
      split = ",",
      paramLabel = TABLES,
      converter = Table.class,
      description = "Tables to compare with the compact one. Default: all.")
  private List<String> tables = List.of(TABLES.split("\\|", -1));

  @Option(
      names = "--results",
      paramLabel = "FOLDER",
      description = "Also writes the times as JMH does, to a folder in this one for each turn.")
  private @Nullable Path results;

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  private CommandSpec command;

  private LookupTurns() {}

  /**
   * Measures and prints.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(Options.command(new LookupTurns()).execute(args));
  }

  /** Returns what {@link #main} exits with. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    return Options.command(new LookupTurns()).setOut(out).setErr(err).execute(args);
  }

  /** Reads the name of a table. */
  static final class Table implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      if (List.of(TABLES.split("\\|", -1)).contains(value)) {
        return value;
      }
      throw new TypeConversionException(value);
    }
  }

  /** Reads a number of sessions. */
  static final class Sessions implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      if (value.matches("[1-9]\\d{0,7}") && Integer.parseInt(value) <= MAX_SESSIONS) {
        return Integer.valueOf(value);
      }
      throw new TypeConversionException(value);
    }
  }

  @Override
  public Integer call() throws IOException {
    LookupTimes times = new LookupTimes(
        sessions.stream().distinct().flatMap(size -> times(size).stream()).toList());
    command.commandLine().getOut().print(times.markdown());
    command.commandLine().getOut().flush();
    if (results != null) {
      times.write(results);
    }
    return 0;
  }

  private List<Time> times(int size) {
    List<TableProcess> processes = new ArrayList<>();
    try {
      Stream.concat(Stream.of(TableProcess.COMPACT), tables.stream().distinct())
          .forEach(table -> processes.add(TableProcess.start(table, size)));
      return times(size, processes);
    } finally {
      processes.forEach(TableProcess::close);
    }
  }

  private List<Time> times(int size, List<TableProcess> processes) {
    Random random = new Random(7);
    List<Time> times = new ArrayList<>();
    for (int turn = 1 - WARM_UPS; turn <= turns; turn++) {
      Collections.shuffle(processes, random);
      for (String access : ACCESSES) {
        for (TableProcess process : processes) {
          Lookup lookup = new Lookup(access, process.table(), size);
          times.add(new Time(turn, lookup, process.nanos(access)));
        }
      }
    }
    return times.stream().filter(time -> time.turn() > 0).toList();
  }
}
