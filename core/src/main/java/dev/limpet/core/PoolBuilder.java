package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.internal.HttpToken;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds a {@link Pool}. Not for use by several threads at once. */
public final class PoolBuilder {
  /** The longest slow start: one hour. */
  public static final Duration MAX_SLOW_START = Duration.ofHours(1);

  private static final int MAX_NAME_LENGTH = 128;

  final String name;
  Balancer balancer = new WeightedRoundRobin();
  Collection<Backend> backends = List.of();
  Duration slowStart = Duration.ZERO;
  Environment environment = Environment.local();
  boolean counting;

  @Nullable
  PassiveHealth passiveHealth;

  PoolBuilder(String name) {
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "name: " + HttpToken.quoted(name) + " (expected: 1.." + MAX_NAME_LENGTH + " characters)");
    }
    this.name = name;
  }

  /**
   * Sets the policy that spreads new sessions. Default {@link WeightedRoundRobin}.
   *
   * @param balancer the policy
   * @return this builder
   */
  public PoolBuilder balancer(Balancer balancer) {
    this.balancer = requireNonNull(balancer, "balancer");
    return this;
  }

  /**
   * Sets the first backends of the pool, which begin ready, up and at full weight. Default: none.
   *
   * @param backends the backends, with different ids
   * @return this builder
   */
  public PoolBuilder backends(Collection<Backend> backends) {
    this.backends = List.copyOf(backends);
    return this;
  }

  /**
   * Sets the time in which the weight of a backend grows to its full value after the backend was
   * added or came up, in ten equal steps from a tenth. Rendezvous choices ignore this, so that
   * several proxies agree. Default: no slow start.
   *
   * @param duration the time, 0..1 hour
   * @return this builder
   * @throws IllegalArgumentException if the duration is out of range
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
   * @param environment the secret and the clocks; LB cookies use them by default too
   * @return this builder
   */
  public PoolBuilder environment(Environment environment) {
    this.environment = requireNonNull(environment, "environment");
    return this;
  }

  /**
   * Counts connections. Each route of this pool that has a backend holds one of its connections
   * until the route is {@linkplain Route#close closed}, and a backend never gets more than its
   * {@link Backend#maxConnections}. While a backend is at capacity, its sessions are served as
   * their {@link Failover} says, with the reason {@link Reason#BACKEND_FULL}, and new sessions go
   * to other backends.
   *
   * @return this builder
   */
  public PoolBuilder countConnections() {
    this.counting = true;
    return this;
  }

  /**
   * Ejects backends whose requests fail. Routers report failed connects by {@link
   * StickyRouter#reroute}; report other failures with {@link StickyRouter#failed}, and successes
   * with {@link StickyRouter#succeeded}. Default: backends are never ejected.
   *
   * @param rules when to eject a backend, and for how long
   * @return this builder
   */
  public PoolBuilder passiveHealth(PassiveHealth rules) {
    this.passiveHealth = requireNonNull(rules, "rules");
    return this;
  }

  /**
   * {@return a new pool}
   *
   * @throws FaultException if a backend has a maximum number of connections, or the balancer needs
   *     connections, but the pool does not {@linkplain #countConnections count} them, or the
   *     balancer does not allow the weights, as {@link WeightedRoundRobin#chargingHits} says
   * @throws IllegalArgumentException if two ids are equal, or there are too many backends
   */
  public Pool build() {
    if (balancer.needsConnections() && !counting) {
      throw new FaultException(Fault.of(
          "countConnections",
          "absent",
          "called, as " + balancer.name() + " needs it; then close every route"));
    }
    return new Pool(this);
  }
}
