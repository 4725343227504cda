package dev.limpet.redis;

import dev.limpet.core.NanoClock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Makes no calls for a while after {@value #FAILURES} in a row had no answer: for 50..100 ms, for
 * twice that if one call then has no answer either, and so on up to 2.5..5 s.
 */
final class Breaker {
  static final int FAILURES = 10;

  /** What {@link #admit} says if no call may be made. */
  static final long REFUSED = 0;

  /**
   * How many probes in a row may fail, and nothing be heard, before a connection that does not
   * break is given up.
   */
  static final int SILENT_PROBES = 5;

  private static final long FIRST_PAUSE = Duration.ofMillis(100).toNanos();
  private static final long LONGEST_PAUSE = Duration.ofSeconds(5).toNanos();

  private final NanoClock clock;

  private volatile boolean open;
  private volatile int failures;
  private long ticket = 1; // guarded by this, as are the following
  private long pause = FIRST_PAUSE;
  private long until;
  private boolean probing;
  private int silentProbes;

  Breaker(NanoClock clock) {
    this.clock = clock;
  }

  /**
   * {@return a ticket for a call, which must end in {@link #answered} or {@link #failed}; or {@link
   * #REFUSED}}
   */
  synchronized long admit() {
    if (open && (probing || clock.nanos() - until < 0)) {
      return REFUSED;
    }
    probing = open;
    return ticket;
  }

  /** Redis answered in time, be it with an error. */
  void answered() {
    if (open || failures != 0) {
      close();
    }
  }

  private synchronized void close() {
    open = false;
    probing = false;
    failures = 0;
    pause = FIRST_PAUSE;
    silentProbes = 0;
  }

  /** Redis answered, but too late: it is slow, and its connection is as it should be. */
  synchronized void late() {
    silentProbes = 0;
  }

  /**
   * There was no answer in time. What began before the breaker last opened says nothing new.
   *
   * @return whether the connection is to be given up
   */
  synchronized boolean failed(long admitted) {
    if (admitted != ticket) {
      return false;
    }
    if (open) {
      pause = Math.min(2 * pause, LONGEST_PAUSE);
      silentProbes++;
      open();
    } else if (++failures >= FAILURES) {
      open();
    }
    return isSilent();
  }

  private boolean isSilent() {
    boolean silent = silentProbes >= SILENT_PROBES;
    silentProbes = silent ? 0 : silentProbes;
    return silent;
  }

  private void open() {
    open = true;
    probing = false;
    ticket++;
    until = clock.nanos() + ThreadLocalRandom.current().nextLong(pause / 2, pause + 1);
  }
}
