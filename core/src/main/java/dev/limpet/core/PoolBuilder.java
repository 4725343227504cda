package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.internal.Tokens;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/** Settings of a {@link Pool}. Not for use by several threads at once. */
public final class PoolBuilder {
  /** The longest slow start: an hour. */
  public static final Duration MAX_SLOW_START = Duration.ofHours(1);

  private static final int MAX_NAME_LENGTH = 128;

  final String name;
  Balancer balancer = new WeightedRoundRobin();
  Collection<Backend> backends = List.of();
  Duration slowStart = Duration.ZERO;
  NanoClock clock = NanoClock.system();

  PoolBuilder(String name) {
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "name: " + Tokens.quoted(name) + " (expected: 1.." + MAX_NAME_LENGTH + " characters)");
    }
    this.name = name;
  }

  /**
   * Sets how new sessions are spread. Default: by {@link WeightedRoundRobin}.
   *
   * @param balancer the policy
   * @return this builder
   */
  public PoolBuilder balancer(Balancer balancer) {
    this.balancer = requireNonNull(balancer, "balancer");
    return this;
  }

  /**
   * Sets the backends that the pool begins with, ready and up, at their whole weights. Default: none.
   *
   * @param backends backends with different ids
   * @return this builder
   */
  public PoolBuilder backends(Collection<Backend> backends) {
    this.backends = List.copyOf(backends);
    return this;
  }

  /**
   * Sets how long a backend takes to come to its whole weight after it was added or came up: in ten equal
   * steps from a tenth. Does not concern rendezvous choices, by which several proxies agree. Default: no time.
   *
   * @param duration 0..1 hour
   * @return this builder
   * @throws IllegalArgumentException if it is out of range
   */
  public PoolBuilder slowStart(Duration duration) {
    if (duration.isNegative() || duration.compareTo(MAX_SLOW_START) > 0) {
      throw new IllegalArgumentException(
          "slowStart: " + duration + " (expected: PT0S.." + MAX_SLOW_START + ")");
    }
    this.slowStart = duration;
    return this;
  }

  /**
   * Sets the time that slow starts are measured by. Default: the system's.
   *
   * @param clock the time
   * @return this builder
   */
  public PoolBuilder clock(NanoClock clock) {
    this.clock = requireNonNull(clock, "clock");
    return this;
  }

  /**
   * {@return the pool}
   *
   * @throws IllegalArgumentException if two ids are equal, or there are too many backends
   */
  public Pool build() {
    return new Pool(this);
  }
}
