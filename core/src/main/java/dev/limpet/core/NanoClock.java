package dev.limpet.core;

/** A clock for what stays in the process. Called by many threads at once. */
@FunctionalInterface
public interface NanoClock {

  /**
   * {@return the time in nanoseconds since some moment, which may be negative and may overflow: only
   * differences of two times have a meaning}
   */
  long nanos();

  /** {@return {@link System#nanoTime}} */
  static NanoClock system() {
    return System::nanoTime;
  }
}
