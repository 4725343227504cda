package dev.limpet.core;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A wall clock that goes when it is told to, in either direction. */
public final class ManualWall implements InstantSource {
  private Instant now = Instant.parse("2030-01-01T00:00:00.123456789Z");

  @Override
  public Instant instant() {
    return now;
  }

  public void advance(Duration duration) {
    now = now.plus(duration);
  }
}
