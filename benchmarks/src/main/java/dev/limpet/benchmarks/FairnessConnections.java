package dev.limpet.benchmarks;

import dev.limpet.core.Lease;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/** The connections of requests, each open for a second on average. For one thread. */
final class FairnessConnections {
  private final SplittableRandom random;
  private final PriorityQueue<Connection> open =
      new PriorityQueue<>(Comparator.comparingDouble(Connection::end));

  FairnessConnections(long seed) {
    this.random = new SplittableRandom(~seed);
  }

  /** Keeps a connection open for a while. */
  void open(Lease lease, double now) {
    open.add(new Connection(lease, now - Math.log(1 - random.nextDouble())));
  }

  /** Closes what ends until then. */
  void closeUntil(double now) {
    while (!open.isEmpty() && open.element().end() <= now) {
      open.remove().lease().close();
    }
  }

  private record Connection(Lease lease, double end) {}
}
