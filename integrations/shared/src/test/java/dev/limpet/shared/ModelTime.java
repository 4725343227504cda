package dev.limpet.shared;

import dev.limpet.core.NanoClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that passes when a test says so, and what is to happen in it. */
final class ModelTime implements NanoClock, InstantSource {
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
  private final Instant start;
  private long now;
  private long scheduled;

  ModelTime() {
    this(START);
  }

  /** Begins at a time of the wall clock. */
  ModelTime(Instant start) {
    this.start = start;
  }

  @Override
  public synchronized long nanos() {
    return now;
  }

  @Override
  public Instant instant() {
    return start.plusNanos(nanos());
  }

  /** Lets something happen after a while. */
  synchronized void after(Duration delay, Runnable event) {
    events.add(new Event(now + delay.toNanos(), scheduled++, event));
  }

  /** Lets time pass, and happen what is due. */
  void pass(Duration duration) {
    long end = nanos() + duration.toNanos();
    for (Event next = due(end); next != null; next = due(end)) {
      next.event().run();
    }
    synchronized (this) {
      now = end;
    }
  }

  private synchronized Event due(long end) {
    if (events.isEmpty() || events.peek().at() > end) {
      return null;
    }
    Event next = events.remove();
    now = Math.max(now, next.at());
    return next;
  }

  private record Event(long at, long number, Runnable event) {}
}
