package dev.limpet.examples.gateway.config;

import dev.limpet.core.Balancer;
import dev.limpet.core.WeightedLeastConnections;
import dev.limpet.core.WeightedRendezvous;
import dev.limpet.core.WeightedRoundRobin;

/** How a pool spreads new sessions. */
public enum Algorithm {
  /** Each backend gets turns in proportion to its weight. */
  WEIGHTED_ROUND_ROBIN,
  /** The next backend is the one with the fewest connections for its weight. */
  WEIGHTED_LEAST_CONNECTIONS,
  /** The source address determines the backend, as long as the backends stay the same. */
  SOURCE_IP_HASH;

  /** Returns a balancer of the library. */
  public Balancer balancer() {
    return switch (this) {
      case WEIGHTED_ROUND_ROBIN -> new WeightedRoundRobin();
      case WEIGHTED_LEAST_CONNECTIONS -> new WeightedLeastConnections();
      case SOURCE_IP_HASH -> new WeightedRendezvous();
    };
  }

  /** Returns the algorithm as the file spells it. */
  @Override
  public String toString() {
    return Spelled.of(this);
  }
}
