package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.internal.HttpToken;
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
  Environment environment = Environment.local();
  boolean counting;

  PoolBuilder(String name) {
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "name: " + HttpToken.quoted(name) + " (expected: 1.." + MAX_NAME_LENGTH + " characters)");
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
   * Sets the backends that the pool begins with, ready and up, at their whole weights. Default:
   * none.
   *
   * @param backends backends with different ids
   * @return this builder
   */
  public PoolBuilder backends(Collection<Backend> backends) {
    this.backends = List.copyOf(backends);
    return this;
  }

  /**
   * Sets how long a backend takes to come to its whole weight after it was added or came up: in ten
   * equal steps from a tenth. Does not concern rendezvous choices, by which several proxies agree.
   * Default: no time.
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
   * Sets the secret and the clocks that routers of this pool use. Default {@link
   * Environment#local}.
   *
   * @param environment also the default of LB cookies
   * @return this builder
   */
  public PoolBuilder environment(Environment environment) {
    this.environment = requireNonNull(environment, "environment");
    return this;
  }

  /**
   * Counts connections: each route of this pool that has a backend holds one of its connections
   * until it is {@linkplain Route#close closed}, and a backend is never sent more than its {@link
   * Backend#maxConnections}. While it has as many, its sessions get what their {@link Failover}
   * says, for {@link Reason#BACKEND_FULL}, and new ones go elsewhere.
   *
   * @return this builder
   */
  public PoolBuilder countConnections() {
    this.counting = true;
    return this;
  }

  /**
   * {@return the pool}
   *
   * @throws FaultException if a backend has a limit of connections, or the balancer needs them, but
   *     they are not {@linkplain #countConnections counted}
   * @throws IllegalArgumentException if two ids are equal, or there are too many backends
   */
  public Pool build() {
    if (balancer.needsConnections() && !counting) {
      throw new FaultException(Fault.of(
          "countConnections",
          "absent",
          "given, with " + balancer.name() + "; routes are to be closed then"));
    }
    return new Pool(this);
  }
}
