package dev.limpet.core;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The ejection of a backend from its pool, because requests to it failed. Safe for use by many
 * threads at once.
 *
 * @see PassiveHealth
 */
public final class Ejection {
  private final Ejections ejections;
  private final long begun;
  private final long since;
  private final Duration time;
  private final int times;
  private final FailureKind cause;
  private final AtomicReference<@Nullable Probe> probe = new AtomicReference<>();

  /**
   * Makes an ejection that begins now.
   *
   * @param last the ejection that ended with a failed probe now; null if absent
   * @param times the number of ejections in a row, with this one
   */
  Ejection(
      Ejections ejections, @Nullable Ejection last, Duration time, int times, FailureKind cause) {
    this.ejections = ejections;
    this.begun = ejections.now();
    this.since = (last == null) ? begun : last.since;
    this.time = time;
    this.times = times;
    this.cause = cause;
  }

  /** {@return the time from the beginning of the ejection until a request may probe the backend} */
  public Duration time() {
    return time;
  }

  /** {@return the time from now until a request may probe the backend; zero if it already may} */
  public Duration remaining() {
    Duration left = time.minusNanos(elapsed());
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** {@return the number of ejections in a row: 1 for the first one} */
  public int times() {
    return times;
  }

  /** {@return the kind of the last failure} */
  public FailureKind cause() {
    return cause;
  }

  /**
   * {@return true while the sessions of the backend are lent instead of moved: during the
   * {@linkplain PassiveHealth.Builder#grace grace} that begins with the first ejection in a row}
   */
  public boolean isInGrace() {
    return ejections.now() - since < ejections.grace().toNanos();
  }

  /** {@return the time when requests may probe the backend, for comparisons} */
  long end() {
    return begun + time.toNanos();
  }

  /**
   * Lets one request probe the backend, if the ejection ended some time ago and no other request
   * probes it.
   *
   * @param ejected the member with this ejection
   * @param wait the time that must have passed since the end of the ejection
   * @return the member for the route of that request; null if there must be no probe now
   */
  @Nullable
  Member probe(Member ejected, Duration wait) {
    if (elapsed() < time.toNanos() + wait.toNanos()) {
      return null;
    }
    Probe running = probe.get();
    if (running != null) {
      running.endIfOverdue();
      return null;
    }
    Probe begun = new Probe(ejected, this, ejections);
    return probe.compareAndSet(null, begun) ? ejected.probing(begun) : null;
  }

  /** Lets another request probe the backend instead. */
  void giveBack(Probe ended) {
    probe.compareAndSet(ended, null);
  }

  private long elapsed() {
    return ejections.now() - begun;
  }

  /** {@return the time, the number of ejections in a row and the cause} */
  @Override
  public String toString() {
    return "for " + time + ", number " + times + " in a row (" + cause + ")";
  }
}
