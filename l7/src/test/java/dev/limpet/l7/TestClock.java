package dev.limpet.l7;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A wall clock that stands still until it is set. */
final class TestClock implements InstantSource {
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");

  @Override
  public Instant instant() {
    return now;
  }

  void advance(Duration duration) {
    now = now.plus(duration);
  }

  void set(Instant instant) {
    now = instant;
  }

  /** Another clock, as far ahead of this one for ever. */
  InstantSource ahead(Duration duration) {
    return () -> now.plus(duration);
  }
}
