package dev.limpet.core;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Small pools and routers of texts, whose key is the text itself. */
final class Routing {
  static final KeyHasher HASHER = KeyHasher.of(new byte[KeyHasher.MIN_SECRET_BYTES]);
  static final KeyExtractor<String> TEXT = KeyExtractor.string(text -> text);

  private Routing() {}

  static Backend backend(String id) {
    return Backend.of(id, "10.0.0.1", 8080);
  }

  static Backend backend(String id, int weight) {
    return backend(id).withWeight(weight);
  }

  static Backend limited(String id, int connections) {
    return backend(id).withMaxConnections(connections);
  }

  static Pool pool(String... ids) {
    return Pool.of("pool", Arrays.stream(ids).map(Routing::backend).toArray(Backend[]::new));
  }

  static long key(String request) {
    return HASHER.string(request);
  }

  static List<String> requests(int count) {
    return IntStream.range(0, count).mapToObj(i -> "session-" + i).toList();
  }

  static StickyTable table(long capacity) {
    return CompactStickyTable.of(StickySession.custom(), capacity, () -> 0);
  }

  static KeyAffinity<String> affinity(StickyTable table) {
    return KeyAffinity.builder(TEXT).hasher(HASHER).table(session -> table).build();
  }

  static StickyRouter<String> router(Pool pool, StickyTable table, Failover failover) {
    return StickyRouter.<String>builder(pool, affinity(table))
        .failover(failover)
        .build();
  }

  static StickyRouter<String> router(Pool pool, Failover failover) {
    return router(pool, table(100_000), failover);
  }

  static StickyRouter<String> router(Pool pool) {
    return router(pool, Failover.MOVE);
  }

  static String id(Route route) {
    Backend backend = route.backend();
    return (backend == null) ? "none" : backend.id();
  }

  static StickyRouter<String> leasing(Pool pool, Failover failover) {
    return StickyRouter.<String>builder(pool, affinity(table(1_000)))
        .failover(failover)
        .leasing()
        .build();
  }

  /** How many connections of a backend are held. */
  static int connections(Pool pool, String name) {
    return pool.snapshot().member(name).load().connections();
  }

  /** How many of some requests without a session each backend gets. */
  static Map<String, Integer> shares(Pool pool, int requests) {
    StickyRouter<String> router = StickyRouter.of(pool, Affinity.none());
    Map<String, Integer> shares = new HashMap<>();
    for (int i = 0; i < requests; i++) {
      shares.merge(id(router.route("x")), 1, Integer::sum);
    }
    return shares;
  }

  /** The backend of the pool that is not among the given ones. */
  static String other(Pool pool, String... ids) {
    return pool.snapshot().members().stream()
        .map(member -> member.backend().id())
        .filter(id -> !Arrays.asList(ids).contains(id))
        .findFirst()
        .orElseThrow();
  }

  /** What the rendezvous balancer chooses among the members that take new sessions. */
  static String rendezvous(PoolSnapshot pool, long key, String... excluded) {
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
