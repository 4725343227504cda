package dev.limpet.examples.gateway;

import dev.limpet.core.NanoClock;
import java.time.InstantSource;

/**
 * The time that sessions live by.
 *
 * @param nanos for tables
 * @param instants for tokens and dates
 */
record Clocks(NanoClock nanos, InstantSource instants) {

  static Clocks system() {
    return new Clocks(NanoClock.system(), InstantSource.system());
  }
}
