package dev.limpet.core;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The statistics of a pool's {@link PassiveHealth} so far. Immutable. */
public final class EjectionStats {

  /** The statistics of a pool without passive health. */
  public static final EjectionStats NONE = new EjectionStats(0, 0, 0, 0);

  private final long ejections;
  private final long readmissions;
  private final long prevented;
  private final long listenerFailures;

  EjectionStats(long ejections, long readmissions, long prevented, long listenerFailures) {
    this.ejections = ejections;
    this.readmissions = readmissions;
    this.prevented = prevented;
    this.listenerFailures = listenerFailures;
  }

  /** {@return the number of times that a backend was ejected, also after a failed probe} */
  public long ejections() {
    return ejections;
  }

  /** {@return the number of times that an ejected backend was readmitted} */
  public long readmissions() {
    return readmissions;
  }

  /**
   * {@return the number of times that a backend was not ejected, because too few others would have
   * been left}
   */
  public long prevented() {
    return prevented;
  }

  /** {@return the number of exceptions that the listener threw} */
  public long listenerFailures() {
    return listenerFailures;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EjectionStats that
        && ejections == that.ejections
        && readmissions == that.readmissions
        && prevented == that.prevented
        && listenerFailures == that.listenerFailures;
  }

  @Override
  public int hashCode() {
    return Objects.hash(ejections, readmissions, prevented, listenerFailures);
  }

  /** {@return all numbers} */
  @Override
  public String toString() {
    return "ejections " + ejections
        + ", readmissions " + readmissions
        + ", prevented " + prevented
        + ", listener failures " + listenerFailures;
  }
}
