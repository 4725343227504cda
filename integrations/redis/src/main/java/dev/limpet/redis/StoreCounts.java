package dev.limpet.redis;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The counters of a store. Thread-safe. */
final class StoreCounts {
  final LongAdder answered = new LongAdder();
  final LongAdder answerNanos = new LongAdder();
  final LongAdder lateReplies = new LongAdder();
  final LongAdder garbage = new LongAdder();
  final LongAdder reloads = new LongAdder();
  final LongAdder messages = new LongAdder();
  final LongAdder badMessages = new LongAdder();
  final LongAdder untold = new LongAdder();

  private final Map<StoreFault, LongAdder> faults = new EnumMap<>(StoreFault.class);

  StoreCounts() {
    for (StoreFault fault : StoreFault.values()) {
      faults.put(fault, new LongAdder());
    }
  }

  void add(StoreFault fault) {
    LongAdder adder = faults.get(fault);
    if (adder != null) {
      adder.increment();
    }
  }

  StoreStats stats() {
    Map<StoreFault, Long> sums = new EnumMap<>(StoreFault.class);
    faults.forEach((fault, adder) -> sums.put(fault, adder.sum()));
    return new StoreStats(
        answered.sum(),
        Duration.ofNanos(answerNanos.sum()),
        sums,
        lateReplies.sum(),
        garbage.sum(),
        reloads.sum(),
        messages.sum(),
        badMessages.sum(),
        untold.sum());
  }
}
