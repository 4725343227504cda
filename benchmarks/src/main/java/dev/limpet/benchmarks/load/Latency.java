package dev.limpet.benchmarks.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * What is the latency of proxies at a constant rate?
 *
 * <p>The load is open: a request is due at a fixed time, whether or not earlier ones have been
 * answered, and its latency counts from that time. So a stall counts for all requests that were due
 * meanwhile. A generator that waits for a response before it takes the next time would leave them
 * out, which Gil Tene calls <a href="https://github.com/giltene/wrk2">coordinated
 * omission</a>.
 *
 * <p>A client is a browser with one kept connection and its cookies. If its connection is busy when
 * its next request is due, the request waits, and that time counts. The body of a response is the
 * name of the backend; a move is a response from another backend than the client's previous one.
 * Several URLs are loaded in turns, with new clients in each turn.
 *
 * <p>Built on Netty with epoll, because its timers are precise to microseconds and one thread
 * serves all connections, so that the generator leaves the processors to the proxies.
 *
 * <pre>java -cp benchmarks.jar dev.limpet.benchmarks.load.Latency --rate 5000 http://localhost/</pre>
 */
@Command(
    name = "Latency",
    description =
        "Loads URLs at a constant rate, and prints latencies from when requests were due.",
    exitCodeListHeading = "Exit status:%n",
    exitCodeList = {"0:all is well", "1:a rate was not reached", "2:a bad option"},
    mixinStandardHelpOptions = true)
public final class Latency implements Callable<Integer> {
  private static final Map<String, Double> PERCENTILES = percentiles();
  private static final String HEAD =
      "| URL | requests | failures | moves | rate | reached | p50 | p90 | p99 | p99.9 | max, µs |%n"
          + "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|%n";

  @Option(
      names = "--rate",
      paramLabel = Options.COUNT,
      converter = Options.Count.class,
      description = "Requests per second of all connections. Default: ${DEFAULT-VALUE}.")
  private int rate = 1_000;

  @Option(
      names = "--connections",
      paramLabel = Options.COUNT,
      converter = Options.Count.class,
      description = "Connections, each of its own client. Default: ${DEFAULT-VALUE}.")
  private int connections = 32;

  @Option(
      names = "--warm-up",
      paramLabel = Options.COUNT,
      converter = Options.Count.class,
      description = "Seconds of each turn that do not count. Default: ${DEFAULT-VALUE}.")
  private int warmUp = 2;

  @Option(
      names = "--duration",
      paramLabel = Options.COUNT,
      converter = Options.Count.class,
      description = "Seconds of each turn that count. Default: ${DEFAULT-VALUE}.")
  private int duration = 10;

  @Option(
      names = "--rounds",
      paramLabel = Options.COUNT,
      converter = Options.Count.class,
      description = "Turns of each URL. Default: ${DEFAULT-VALUE}.")
  private int rounds = 1;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Parameters(
      arity = "1..*",
      paramLabel = Options.URL,
      converter = Options.Url.class,
      description = "What to load.")
  private List<URI> urls = List.of();

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  private CommandSpec command;

  private Latency() {}

  /**
   * Runs the load.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    System.exit(Options.command(new Latency()).execute(args));
  }

  /** Returns what {@link #main} exits with. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    return Options.command(new Latency()).setOut(out).setErr(err).execute(args);
  }

  @Override
  public Integer call() throws InterruptedException, JsonProcessingException {
    Map<URI, Tally> tallies = load(new Load(rate, connections, warmUp, duration));
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      out.println(json(tallies));
    } else {
      out.printf(HEAD);
      tallies.forEach((url, tally) -> out.println(row(url, tally)));
    }
    return reportUnsustained(tallies) ? 1 : 0;
  }

  private Map<URI, Tally> load(Load load) throws InterruptedException {
    Map<URI, Tally> tallies = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (URI url : urls) {
        Turn.run(load, url, tallies.computeIfAbsent(url, first -> new Tally()));
      }
    }
    return tallies;
  }

  private boolean reportUnsustained(Map<URI, Tally> tallies) {
    boolean isAny = false;
    for (Map.Entry<URI, Tally> each : tallies.entrySet()) {
      Tally tally = each.getValue();
      if (!tally.isSustained()) {
        isAny = true;
        command
            .commandLine()
            .getErr()
            .printf(
                Locale.ROOT,
                "rate: %.0f/s of %s (expected: 99 %% of %d/s;"
                    + " the proxy or this program is saturated)%n",
                tally.reachedRate(),
                each.getKey(),
                rate);
      }
    }
    return isAny;
  }

  private static String row(URI url, Tally tally) {
    StringBuilder row = new StringBuilder(String.format(
        Locale.ROOT,
        "| %s | %d | %d | %d | %.0f | %.0f |",
        url,
        tally.requests(),
        tally.failures(),
        tally.moves(),
        tally.rate(),
        tally.reachedRate()));
    PERCENTILES
        .values()
        .forEach(percentile -> row.append(' ')
            .append(tally.isSustained() ? tally.percentileMicros(percentile) : "–")
            .append(" |"));
    return row.toString();
  }

  private String json(Map<URI, Tally> tallies) throws JsonProcessingException {
    return new ObjectMapper()
        .writeValueAsString(Map.of(
            "urls",
            tallies.entrySet().stream()
                .map(each -> fields(each.getKey(), each.getValue()))
                .toList()));
  }

  private static Map<String, Object> fields(URI url, Tally tally) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("url", url.toString());
    fields.put("requests", tally.requests());
    fields.put("failures", tally.failures());
    fields.put("moves", tally.moves());
    fields.put("rate", tally.rate());
    fields.put("reachedRate", tally.reachedRate());
    if (tally.isSustained()) {
      PERCENTILES.forEach(
          (name, percentile) -> fields.put(name + "Micros", tally.percentileMicros(percentile)));
    }
    return fields;
  }

  private static Map<String, Double> percentiles() {
    Map<String, Double> percentiles = new LinkedHashMap<>();
    percentiles.put("p50", 50.0);
    percentiles.put("p90", 90.0);
    percentiles.put("p99", 99.0);
    percentiles.put("p99.9", 99.9);
    percentiles.put("max", 100.0);
    return percentiles;
  }
}
