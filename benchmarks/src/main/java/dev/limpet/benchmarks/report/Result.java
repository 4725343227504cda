package dev.limpet.benchmarks.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One result of JMH.
 *
 * @param settings the forks and iterations, as a text
 * @param dimensions the benchmark, the method, the JDK, the threads and the parameters, by name
 * @param nanos the time of an operation in nanoseconds, over the forks
 * @param bytes the bytes that an operation allocates, over the forks; null if not measured
 */
record Result(
    String settings,
    Map<String, String> dimensions,
    Spread nanos,
    @Nullable Spread bytes) {
  static final String BENCHMARK = "benchmark";
  static final String METHOD = "method";
  static final String JDK = "JDK";
  static final String THREADS = "threads";

  private static final String ALLOCATED = "gc.alloc.rate.norm";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads a file that JMH 1.37 wrote.
   *
   * @throws IllegalArgumentException if the content is not as expected
   * @throws UncheckedIOException if the file cannot be read
   */
  static List<Result> read(Path file) {
    try {
      List<Result> results = new ArrayList<>();
      JSON.readTree(file.toFile()).forEach(json -> results.add(of(json)));
      return results;
    } catch (JsonProcessingException e) {
      throw malformed(file, e.getOriginalMessage());
    } catch (IllegalArgumentException e) {
      throw malformed(file, e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": not readable (expected: results of JMH)", e);
    }
  }

  /** Returns the value of a dimension, or "" if the result does not have it. */
  String value(String dimension) {
    return dimensions.getOrDefault(dimension, "");
  }

  private static IllegalArgumentException malformed(Path file, @Nullable String fault) {
    return new IllegalArgumentException(file + ": " + fault + " (expected: results of JMH)");
  }

  private static Result of(JsonNode json) {
    JsonNode time = json.required("primaryMetric");
    if (!time.required("scoreUnit").asText().equals("ns/op")) {
      throw new IllegalArgumentException("scoreUnit is " + time.get("scoreUnit") + ", not ns/op");
    }
    JsonNode bytes = json.path("secondaryMetrics").path(ALLOCATED);
    return new Result(
        settings(json),
        dimensions(json),
        overForks(time),
        bytes.isMissingNode() ? null : overForks(bytes));
  }

  private static String settings(JsonNode json) {
    return "%s × %s × %s"
        .formatted(
            json.required("forks").asText(),
            json.required("measurementIterations").asText(),
            json.required("measurementTime").asText());
  }

  private static Map<String, String> dimensions(JsonNode json) {
    String[] name = json.required("benchmark").asText().split("\\.", -1);
    if (name.length < 2) {
      throw new IllegalArgumentException("benchmark is " + name[0] + ", not a class and a method");
    }
    Map<String, String> dimensions = new LinkedHashMap<>();
    json.path("params")
        .properties()
        .forEach(param -> dimensions.put(param.getKey(), param.getValue().asText()));
    dimensions.put(BENCHMARK, name[name.length - 2]);
    dimensions.put(METHOD, name[name.length - 1]);
    dimensions.put(JDK, json.required("jdkVersion").asText());
    dimensions.put(THREADS, json.required("threads").asText());
    return dimensions;
  }

  /** Returns the spread of the forks' means. */
  private static Spread overForks(JsonNode metric) {
    List<Double> means = new ArrayList<>();
    metric.required("rawData").forEach(fork -> means.add(mean(fork)));
    return Spread.of(means);
  }

  private static double mean(JsonNode iterations) {
    if (iterations.isEmpty()) {
      throw new IllegalArgumentException("rawData has a fork without iterations");
    }
    double sum = 0;
    for (JsonNode iteration : iterations) {
      sum += iteration.asDouble();
    }
    return sum / iterations.size();
  }
}
