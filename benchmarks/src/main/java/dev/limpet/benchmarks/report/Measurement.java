package dev.limpet.benchmarks.report;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One result of JMH.
 *
 * @param run the run of JMH
 * @param benchmark the simple name of the class
 * @param method the method
 * @param params the parameters, in JMH's order
 * @param nanos the time of an operation in nanoseconds, over the forks
 * @param bytes the bytes that an operation allocates, over the forks; null if not measured
 */
record Measurement(
    Run run,
    String benchmark,
    String method,
    Map<String, String> params,
    Spread nanos,
    @Nullable Spread bytes) {

  /** The dimension for the JDK. */
  static final String JDK = "JDK";

  /** The dimension for the number of threads. */
  static final String THREADS = "threads";

  /** The dimension for the method. */
  static final String METHOD = "method";

  /**
   * One run of JMH.
   *
   * @param file the file with its results
   * @param jdk the JDK's version
   * @param threads the number of threads that ran the benchmark
   * @param options the command-line options that repeat it, except threads and parameters
   */
  record Run(String file, String jdk, int threads, String options) {}

  /** Returns the value of a parameter or of one of the dimensions above, or "" if it is absent. */
  String value(String dimension) {
    return switch (dimension) {
      case JDK -> run.jdk();
      case THREADS -> Integer.toString(run.threads());
      case METHOD -> method;
      default -> params.getOrDefault(dimension, "");
    };
  }
}
