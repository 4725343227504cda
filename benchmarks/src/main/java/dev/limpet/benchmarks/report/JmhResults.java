package dev.limpet.benchmarks.report;

import dev.limpet.benchmarks.report.Measurement.Run;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JMH's JSON, as of version 1.37. */
final class JmhResults {
  private static final String ALLOCATED = "gc.alloc.rate.norm";
  private static final Map<String, Double> NANOS_OF_UNIT =
      Map.of("ns/op", 1.0, "us/op", 1e3, "ms/op", 1e6, "s/op", 1e9);

  private JmhResults() {}

  /**
   * Reads the results of one run of JMH.
   *
   * @param file the whole file
   * @throws BadInput if the file is not JMH's, or times are not averages
   */
  static List<Measurement> of(JsonFile file) {
    return file.items().stream().map(JmhResults::measurement).toList();
  }

  private static Measurement measurement(JsonFile result) {
    String[] name = result.at("benchmark").text().split("\\.", -1);
    if (name.length < 2) {
      throw result.at("benchmark").bad("a class and a method");
    }
    return new Measurement(
        run(result),
        name[name.length - 2],
        name[name.length - 1],
        params(result.at("params")),
        nanos(result.at("primaryMetric")),
        bytes(result.at("secondaryMetrics")));
  }

  private static Run run(JsonFile result) {
    return new Run(
        result.file().toString(),
        result.at("jdkVersion").text(),
        result.at("threads").count(),
        options(result));
  }

  private static String options(JsonFile result) {
    return "-f " + result.at("forks").count()
        + " -wi " + result.at("warmupIterations").count()
        + " -w " + time(result.at("warmupTime"))
        + " -i " + result.at("measurementIterations").count()
        + " -r " + time(result.at("measurementTime"))
        + (result.at("secondaryMetrics").has(ALLOCATED) ? " -prof gc" : "");
  }

  private static String time(JsonFile time) {
    return time.text().replace(" ", "");
  }

  private static Map<String, String> params(JsonFile params) {
    Map<String, String> values = new LinkedHashMap<>();
    params
        .node()
        .fieldNames()
        .forEachRemaining(name -> values.put(name, params.at(name).text()));
    return values;
  }

  private static Spread nanos(JsonFile metric) {
    Double nanos = NANOS_OF_UNIT.get(metric.at("scoreUnit").text());
    if (nanos == null) {
      throw metric
          .at("scoreUnit")
          .bad("one of " + NANOS_OF_UNIT.keySet().stream().sorted().toList());
    }
    return overForks(metric).times(nanos);
  }

  private static @Nullable Spread bytes(JsonFile metrics) {
    return metrics.has(ALLOCATED) ? overForks(metrics.at(ALLOCATED)) : null;
  }

  /** Returns the spread of the forks' means. */
  private static Spread overForks(JsonFile metric) {
    List<JsonFile> forks = metric.at("rawData").items();
    if (forks.isEmpty()) {
      throw metric.at("rawData").bad("the data of at least one fork");
    }
    return Spread.of(forks.stream().map(JmhResults::mean).toList());
  }

  private static double mean(JsonFile fork) {
    return fork.items().stream()
        .mapToDouble(JsonFile::number)
        .average()
        .orElseThrow(() -> fork.bad("at least one iteration"));
  }
}
