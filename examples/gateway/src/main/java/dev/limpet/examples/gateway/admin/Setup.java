package dev.limpet.examples.gateway.admin;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * The parts of the port for operators that tests replace.
 *
 * @param console the folder of the console's files on the class path
 * @param time the clocks
 * @param bodyLimit the time within which the body of a request must be complete
 * @param sampleInterval the time from sample to sample of live figures
 * @param complaints receives a line for each exception that should not occur
 */
record Setup(
    String console,
    Time time,
    Duration bodyLimit,
    Duration sampleInterval,
    Consumer<String> complaints) {
  private static final Duration BODY_LIMIT = Duration.ofSeconds(10);
  private static final Duration SAMPLE_INTERVAL = Duration.ofSeconds(1);

  static Setup standard(Consumer<String> complaints) {
    return new Setup("console", Time.system(), BODY_LIMIT, SAMPLE_INTERVAL, complaints);
  }
}
