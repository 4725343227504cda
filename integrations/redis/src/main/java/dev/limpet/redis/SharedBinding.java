package dev.limpet.redis;

import static java.util.Objects.requireNonNull;

/**
 * A binding as all proxies know it. Immutable.
 *
 * @param name the backend's name
 * @param version 1 when the session is bound, and one more whenever it is bound to another name
 * @param end when the session ends however much it is used, in seconds since 1970; 0 for never
 */
record SharedBinding(String name, int version, long end) {
  SharedBinding {
    requireNonNull(name, "name");
  }

  /** {@return the first binding of a session} */
  static SharedBinding first(String name, long end) {
    return new SharedBinding(name, 1, end);
  }

  /** {@return the binding that follows this one} */
  SharedBinding movedTo(String next) {
    return new SharedBinding(next, version + 1, end);
  }
}
