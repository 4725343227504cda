package dev.limpet.core;

import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CompactStickyTable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Small pools and routers of texts, whose key is the text itself. */
public final class Routing {
  public static final Environment ENVIRONMENT =
      Environment.of(new byte[Environment.MIN_SECRET_BYTES]);
  public static final KeyHasher HASHER = ENVIRONMENT.hasher();
  public static final KeyExtractor<String> TEXT = KeyExtractor.string(text -> text);

  private Routing() {}

  public static Backend backend(String id) {
    return Backend.of(id, "10.0.0.1", 8080);
  }

  public static Backend backend(String id, int weight) {
    return backend(id).withWeight(weight);
  }

  public static Backend limited(String id, int connections) {
    return backend(id).withMaxConnections(connections);
  }

  public static Pool pool(String... ids) {
    return Pool.of("pool", Arrays.stream(ids).map(Routing::backend).toArray(Backend[]::new));
  }

  public static Pool pool(Balancer balancer, Backend... backends) {
    return Pool.builder("pool").balancer(balancer).backends(List.of(backends)).build();
  }

  /** A pool that counts connections. */
  public static Pool counting(Backend... backends) {
    return counting(new WeightedRoundRobin(), backends);
  }

  public static Pool counting(Balancer balancer, Backend... backends) {
    return Pool.builder("pool")
        .balancer(balancer)
        .backends(List.of(backends))
        .countConnections()
        .build();
  }

  public static long key(String request) {
    return HASHER.string(request);
  }

  public static List<String> requests(int count) {
    return IntStream.range(0, count).mapToObj(i -> "session-" + i).toList();
  }

  public static StickyTable table(long capacity) {
    return CompactStickyTable.of(StickySession.custom(), capacity, () -> 0);
  }

  public static KeyAffinity<String> affinity(StickyTable table) {
    return KeyAffinity.builder(TEXT)
        .environment(ENVIRONMENT)
        .table((session, environment) -> table)
        .build();
  }

  public static StickyRouter<String> router(Pool pool, StickyTable table, Failover failover) {
    return StickyRouter.<String>builder(pool, affinity(table))
        .failover(failover)
        .build();
  }

  public static StickyRouter<String> router(Pool pool, Failover failover) {
    return router(pool, table(100_000), failover);
  }

  public static StickyRouter<String> router(Pool pool) {
    return router(pool, Failover.MOVE);
  }

  public static String id(Route route) {
    Backend backend = route.backend();
    return (backend == null) ? "none" : backend.id();
  }

  /** How many connections of a backend are held. */
  public static int connections(Pool pool, String name) {
    return pool.snapshot().member(name).load().connections();
  }

  /** How many of some requests without a session each backend gets. */
  public static Map<String, Integer> shares(Pool pool, int requests) {
    StickyRouter<String> router = StickyRouter.of(pool, Affinity.none());
    Map<String, Integer> shares = new HashMap<>();
    for (int i = 0; i < requests; i++) {
      shares.merge(id(router.route("x")), 1, Integer::sum);
    }
    return shares;
  }

  /** The backend of the pool that is not among the given ones. */
  public static String other(Pool pool, String... ids) {
    return pool.snapshot().members().stream()
        .map(member -> member.backend().id())
        .filter(id -> !Arrays.asList(ids).contains(id))
        .findFirst()
        .orElseThrow();
  }

  /** What the rendezvous balancer chooses among the members that take new sessions. */
  public static String rendezvous(PoolSnapshot pool, long key, String... excluded) {
    List<Backend> left = pool.members().stream()
        .filter(Member::acceptsNew)
        .map(Member::backend)
        .filter(backend -> !Arrays.asList(excluded).contains(backend.name()))
        .toList();
    return left.isEmpty()
        ? "none"
        : new WeightedRendezvous().picker(left, List.of()).pick(key).name();
  }
}
