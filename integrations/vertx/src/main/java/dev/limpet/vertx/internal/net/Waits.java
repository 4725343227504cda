package dev.limpet.vertx.internal.net;

import dev.limpet.core.Fault;
import dev.limpet.core.FaultException;
import java.time.Duration;

/** Durations that somebody waits for. */
public final class Waits {
  private static final Duration MIN = Duration.ofMillis(1);
  private static final Duration MAX = Duration.ofDays(24);

  private Waits() {}

  /**
   * Returns a duration in milliseconds.
   *
   * @throws FaultException if it is less than a millisecond or more than 24 days
   */
  public static int millis(String setting, Duration wait) {
    if (wait.compareTo(MIN) < 0 || wait.compareTo(MAX) > 0) {
      throw new FaultException(Fault.of(setting, wait, MIN + ".." + MAX));
    }
    return (int) wait.toMillis();
  }
}
