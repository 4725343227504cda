package dev.limpet.examples.gateway;

import dev.limpet.core.Environment;
import dev.limpet.core.NanoClock;
import dev.limpet.examples.gateway.net.Engine;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * The clocks by which sessions expire.
 *
 * @param nanos makes the clock of tables
 * @param instants the clock of tokens and dates
 */
record Clocks(Function<Engine, NanoClock> nanos, InstantSource instants) {

  /** Makes clocks that do not depend on event loops. */
  Clocks(NanoClock nanos, InstantSource instants) {
    this(engine -> nanos, instants);
  }

  /** Returns a clock that an event loop advances, and the system's wall clock. */
  static Clocks system() {
    return new Clocks(Engine::clock, InstantSource.system());
  }

  /** Returns an environment with these clocks. */
  Environment environment(Engine engine, byte[] secret) {
    return Environment.of(secret).withClock(nanos.apply(engine)).withWallClock(instants);
  }
}
