package dev.limpet.core;

import java.util.concurrent.atomic.AtomicLong;

/** A clock that goes when it is told to, and of which a reading may be long on its way. */
public final class PausingClock implements NanoClock {
  /** Where a thread is between the reading and the use of it. */
  public static final String READING = "reading";

  private final AtomicLong nanos = new AtomicLong();

  @Override
  public long nanos() {
    long reading = nanos.get();
    Pause.here(READING);
    return reading;
  }

  public void advance(long time) {
    nanos.addAndGet(time);
  }
}
