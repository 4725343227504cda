package dev.limpet.benchmarks.load;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** What happened to the requests to one URL that count, over all of its turns. */
final class Tally {
  private static final int DIGITS = 3;
  private static final double SUFFICIENT = 0.99;

  private final Histogram latencies = new Histogram(DIGITS);
  private long requests;
  private long seconds;
  private long answeredInTime;
  private long moves;

  /** Adds the requests of a turn before it begins, so that lost ones are failures. */
  void begin(Load load) {
    requests += load.counted();
    seconds += load.seconds();
  }

  /**
   * Records a response with status 200.
   *
   * @param latencyNanos the time since the request was due
   * @param isInTime whether it arrived before the end of the turn
   * @param isMove whether it came from another backend than the client's previous one
   */
  void answered(long latencyNanos, boolean isInTime, boolean isMove) {
    latencies.recordValue(latencyNanos);
    answeredInTime += isInTime ? 1 : 0;
    moves += isMove ? 1 : 0;
  }

  long requests() {
    return requests;
  }

  long failures() {
    return requests - latencies.getTotalCount();
  }

  long moves() {
    return moves;
  }

  double rate() {
    return (double) requests / seconds;
  }

  /** Returns the requests per second that were answered with status 200 before their turn ended. */
  double reachedRate() {
    return (double) answeredInTime / seconds;
  }

  /** Returns whether the rate was reached; otherwise the latencies tell nothing. */
  boolean isSustained() {
    return answeredInTime >= SUFFICIENT * requests;
  }

  long percentileMicros(double percentile) {
    return TimeUnit.NANOSECONDS.toMicros(latencies.getValueAtPercentile(percentile));
  }

  /** Returns the number of requests that took at least this long. */
  long slowerThan(long micros) {
    return latencies.getCountBetweenValues(TimeUnit.MICROSECONDS.toNanos(micros), Long.MAX_VALUE);
  }
}
