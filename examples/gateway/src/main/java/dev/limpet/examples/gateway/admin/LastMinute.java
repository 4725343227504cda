package dev.limpet.examples.gateway.admin;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The numbers of requests in the last minute, from samples that pages take. Without samples, it
 * knows nothing. Safe for use by many threads at once.
 */
final class LastMinute {
  private static final Duration LENGTH = Duration.ofMinutes(1);
  private static final Duration STEP = Duration.ofSeconds(5);

  private final LongSupplier nanos;
  private final Deque<Sample> samples = new ArrayDeque<>(); // the oldest first

  /** Makes a history by a clock in nanoseconds. */
  LastMinute(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** What had been counted at a moment. */
  private record Sample(long at, Map<String, OutcomeCounts> counts) {}

  /**
   * Takes a sample.
   *
   * @param counts the numbers of all listeners since the start, by their names
   * @return the numbers since the oldest sample of the last minute; empty without an earlier sample
   */
  synchronized Map<String, OutcomeCounts> add(Map<String, OutcomeCounts> counts) {
    long now = nanos.getAsLong();
    while (!samples.isEmpty() && now - samples.getFirst().at() > LENGTH.toNanos()) {
      samples.removeFirst();
    }
    Map<String, OutcomeCounts> recent = new HashMap<>();
    if (!samples.isEmpty()) {
      Map<String, OutcomeCounts> before = samples.getFirst().counts();
      counts.forEach((name, count) -> recent.put(
          name, count.since(before.getOrDefault(name, new OutcomeCounts(Map.of(), Map.of())))));
    }
    if (samples.isEmpty() || now - samples.getLast().at() >= STEP.toNanos()) {
      samples.addLast(new Sample(now, Map.copyOf(counts)));
    }
    return recent;
  }
}
