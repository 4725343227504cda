package dev.limpet.benchmarks;

import dev.limpet.core.Route;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** The connections of requests, each open for one second on average. For one thread. */
final class FairnessConnections {
  private final SplittableRandom random;
  private final PriorityQueue<Connection> open =
      new PriorityQueue<>(Comparator.comparingDouble(Connection::end));

  FairnessConnections(long seed) {
    this.random = new SplittableRandom(~seed);
  }

  /** Opens a connection for some time. */
  void open(Route route, double now) {
    open.add(new Connection(route, now - Math.log(1 - random.nextDouble())));
  }

  /** Closes all connections that end by this time. */
  void closeUntil(double now) {
    while (!open.isEmpty() && open.element().end() <= now) {
      open.remove().route().close();
    }
  }

  private record Connection(Route route, double end) {}
}
