package dev.limpet.examples.gateway.admin;

import java.time.InstantSource;
import java.time.ZoneId;
import java.util.function.LongSupplier;

/**
 * The clocks of the port for operators.
 *
 * @param nanos measures how long ago something was, in nanoseconds
 * @param instants tells the time of day
 * @param zone the time zone of the operators
 */
record Time(LongSupplier nanos, InstantSource instants, ZoneId zone) {

  /** Returns the clocks of the system. */
  static Time system() {
    return new Time(System::nanoTime, InstantSource.system(), ZoneId.systemDefault());
  }

  /** Returns the time of day in milliseconds since 1970. */
  long millis() {
    return instants.millis();
  }
}
