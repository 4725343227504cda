package dev.limpet.redis;

import dev.limpet.core.NanoClock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A circuit breaker. It opens after {@value #FAILURES} calls in a row had no answer, for 50..100
 * ms. Then it admits one call as a probe; if that has no answer either, it opens for twice the
 * time, up to 2.5..5 s.
 */
final class Breaker {
  static final int FAILURES = 10;

  /** The result of {@link #admit} if no call may be made. */
  static final long REFUSED = 0;

  /**
   * The number of failed probes in a row, without any late answer, after which a connection that
   * does not break is given up.
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
   * Returns a ticket for a call, which must end in {@link #answered} or {@link #failed}; or {@link
   * #REFUSED}.
   */
  synchronized long admit() {
    if (open && (probing || clock.nanos() - until < 0)) {
      return REFUSED;
    }
    probing = open;
    return ticket;
  }

  /**
   * {@return true if calls are refused, except for one at a time that tests whether Redis answers}
   */
  boolean isOpen() {
    return open;
  }

  /** Notes that Redis answered in time, even if with an error. */
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

  /** Notes that Redis answered too late: it is slow, but its connection works. */
  synchronized void late() {
    silentProbes = 0;
  }

  /**
   * Notes that there was no answer in time. Ignores calls that began before the breaker last
   * opened.
   *
   * @return true if the connection should be given up
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
