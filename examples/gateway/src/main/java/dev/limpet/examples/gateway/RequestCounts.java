package dev.limpet.examples.gateway;

import dev.limpet.core.Backend;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.RouteListener;
import dev.limpet.examples.gateway.operate.BackendCounts;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/**
 * Counts the requests and the moved sessions of each backend of a pool, at all its listeners. Those
 * of a backend that has left the pool are forgotten. Safe for use by many threads at once.
 */
final class RequestCounts implements RouteListener<Object>, BackendCounts {
  private static final Counts NONE = new Counts();

  private final Pool pool;
  private final Map<String, Counts> byName = new ConcurrentHashMap<>();

  RequestCounts(Pool pool) {
    this.pool = pool;
  }

  @Override
  public void routed(Object request, Route route) {
    Backend backend = route.backend();
    if (backend == null) {
      return;
    }
    Counts counts = counts(backend.name());
    counts.requests.increment();
    String from = route.movedFrom();
    if (route.outcome() == Outcome.MOVED) {
      counts.movedIn.increment();
      if (from != null && pool.snapshot().member(from) != null) {
        counts(from).movedOut.increment();
      }
    }
  }

  /**
   * Returns how often a backend was chosen for a request, including reroutes.
   *
   * @param name the backend's name
   */
  @Override
  public long requests(String name) {
    return read(name, counts -> counts.requests);
  }

  /**
   * Returns the number of sessions that moved to a backend.
   *
   * @param name the backend's name
   */
  @Override
  public long movedIn(String name) {
    return read(name, counts -> counts.movedIn);
  }

  /**
   * Returns the number of sessions that moved away from a backend while it was in the pool.
   *
   * @param name the backend's name
   */
  @Override
  public long movedOut(String name) {
    return read(name, counts -> counts.movedOut);
  }

  /** Returns the number of backends that are counted. */
  int size() {
    return byName.size();
  }

  private long read(String name, Function<Counts, LongAdder> count) {
    return count.apply(byName.getOrDefault(name, NONE)).sum();
  }

  private Counts counts(String name) {
    Counts known = byName.get(name);
    return (known != null) ? known : begin(name);
  }

  /** Begins to count a backend, and forgets those that have left. */
  private Counts begin(String name) {
    byName.keySet().removeIf(other -> pool.snapshot().member(other) == null);
    return byName.computeIfAbsent(name, begun -> new Counts());
  }

  private static final class Counts {
    private final LongAdder requests = new LongAdder();
    private final LongAdder movedIn = new LongAdder();
    private final LongAdder movedOut = new LongAdder();
  }
}
