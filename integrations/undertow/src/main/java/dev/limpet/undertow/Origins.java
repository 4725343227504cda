package dev.limpet.undertow;

import dev.limpet.core.Backend;
import dev.limpet.core.Member;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolSnapshot;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The connections of each backend of a pool. Safe for use by many threads at once.
 *
 * <p>A pool has no listener of changes, so each request compares its snapshot with the one that was
 * seen last. The connections of backends that have left are closed: the unused ones at once, the
 * others with the end of their requests.
 */
final class Origins {
  private final Pool pool;
  private final Function<Origin, OriginConnections> maker;
  private volatile Seen seen;

  Origins(StickyProxyBuilder settings) {
    this.pool = settings.router.pool();
    this.maker = origin -> new OriginConnections(origin, settings);
    this.seen = seeing(pool.snapshot(), Map.of());
  }

  /** Returns the connections of a backend, which may have left the pool since it was chosen. */
  OriginConnections of(Backend backend) {
    Seen current = current();
    @Nullable OriginConnections present = current.byBackend.get(backend);
    return (present == null) ? ofAnother(backend, current) : present;
  }

  /** Returns the connections of a backend that has left the pool, or has changed since. */
  private OriginConnections ofAnother(Backend backend, Seen current) {
    Origin origin = Origin.of(backend);
    @Nullable OriginConnections known = current.byOrigin.get(origin);
    if (known != null) {
      return known;
    }
    OriginConnections left = maker.apply(origin);
    left.close(); // serves this request, and keeps nothing
    return left;
  }

  private Seen current() {
    Seen current = seen;
    return current.isOf(pool) ? current : look();
  }

  private synchronized Seen look() {
    Seen before = seen;
    if (before.isOf(pool)) {
      return before;
    }
    Seen now = seeing(pool.snapshot(), before.byOrigin);
    seen = now;
    Map<Origin, OriginConnections> left = new HashMap<>(before.byOrigin);
    left.keySet().removeAll(now.byOrigin.keySet());
    left.values().forEach(OriginConnections::close);
    return now;
  }

  private Seen seeing(PoolSnapshot snapshot, Map<Origin, OriginConnections> before) {
    Map<Origin, OriginConnections> byOrigin = new HashMap<>();
    IdentityHashMap<Backend, OriginConnections> byBackend = new IdentityHashMap<>();
    for (Member member : snapshot.members()) {
      OriginConnections its = byOrigin.computeIfAbsent(Origin.of(member.backend()), origin -> {
        OriginConnections kept = before.get(origin);
        return (kept == null) ? maker.apply(origin) : kept;
      });
      byBackend.put(member.backend(), its);
    }
    return new Seen(snapshot, byOrigin, byBackend);
  }

  /**
   * The connections of a snapshot, by where they lead and by the very backends of the snapshot,
   * which nearly all requests have. Not changed once it is made.
   */
  private record Seen(
      PoolSnapshot snapshot,
      Map<Origin, OriginConnections> byOrigin,
      IdentityHashMap<Backend, OriginConnections> byBackend) {
    @SuppressWarnings("ReferenceEquality") // a snapshot is replaced by each change
    boolean isOf(Pool pool) {
      return snapshot == pool.snapshot();
    }
  }
}
