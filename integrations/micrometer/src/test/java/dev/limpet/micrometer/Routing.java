package dev.limpet.micrometer;

import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CompactStickyTable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Small pools and routers of texts, whose key is the text itself. */
final class Routing {
  static final KeyExtractor<String> TEXT = KeyExtractor.string(text -> text);

  private Routing() {}

  static Backend backend(String id) {
    return Backend.of(id, "10.0.0.1", 8080);
  }

  static Backend backend(String id, int weight) {
    return backend(id).withWeight(weight);
  }

  static Pool pool(String... ids) {
    return Pool.of("pool", Arrays.stream(ids).map(Routing::backend).toArray(Backend[]::new));
  }

  /** A pool that counts connections. */
  static Pool counting(Backend... backends) {
    return Pool.builder("pool").backends(List.of(backends)).countConnections().build();
  }

  static StickyTable table(long capacity) {
    return CompactStickyTable.of(StickySession.custom(), capacity, () -> 0);
  }

  static KeyAffinity<String> affinity(StickyTable table) {
    return KeyAffinity.builder(TEXT)
        .environment(Environment.of(new byte[Environment.MIN_SECRET_BYTES]))
        .table((session, environment) -> table)
        .build();
  }

  static StickyRouter<String> router(Pool pool) {
    return router(pool, Failover.MOVE);
  }

  static StickyRouter<String> router(Pool pool, Failover failover) {
    return StickyRouter.<String>builder(pool, affinity(table(100)))
        .failover(failover)
        .build();
  }

  static List<String> requests(int count) {
    return IntStream.range(0, count).mapToObj(i -> "session-" + i).toList();
  }

  static String id(Route route) {
    return Objects.requireNonNull(route.backend()).id();
  }
}
