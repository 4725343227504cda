package dev.limpet.shared;

import dev.limpet.core.NanoClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A clock that a test advances, with events that are due at certain times. */
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

  /** Starts at a time of the wall clock. */
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

  /** Schedules an event. */
  synchronized void after(Duration delay, Runnable event) {
    events.add(new Event(now + delay.toNanos(), scheduled++, event));
  }

  /** Advances the time and runs the events that become due. */
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
