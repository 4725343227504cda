package dev.limpet.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolEdit;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.affinity.KeyAffinity;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Proxies that share a model store. A request is the number of its session. */
final class Fleet {
  static final Duration T = Duration.ofMinutes(20);
  static final StickySession SLIDING = StickySession.custom().withDuration(T);
  static final Environment COMMON = Environment.of(new byte[Environment.MIN_SECRET_BYTES]);

  final ModelTime time = new ModelTime();
  final Environment environment = COMMON.withClock(time).withWallClock(time);
  final ModelStore store;
  final List<Proxy> proxies;

  private final StickySession session;
  private final long capacity;

  Fleet(int proxies, String... backends) {
    this(proxies, SLIDING, 10_000, backends);
  }

  Fleet(int proxies, StickySession session, long capacity, String... backends) {
    this.session = session;
    this.capacity = capacity;
    this.store = new ModelStore(time, session);
    this.proxies =
        IntStream.range(0, proxies).mapToObj(i -> new Proxy(backends)).toList();
  }

  Proxy proxy(int number) {
    return proxies.get(number);
  }

  static long key(long session) {
    return COMMON.hasher().number(session);
  }

  /** Changes the pools of all proxies. */
  void change(Consumer<PoolEdit> edit) {
    proxies.forEach(proxy -> proxy.pool.change(edit));
  }

  /** One proxy. */
  final class Proxy {
    final ModelLink link = store.link();
    final SharedTable table =
        SharedTable.builder(link).capacity(capacity).build(session, environment);
    final Pool pool;
    final StickyRouter<Long> router;

    Proxy(String... backends) {
      this.pool = Pool.of(
          "web",
          IntStream.range(0, backends.length)
              .mapToObj(i -> Backend.of(backends[i], "10.0.0.1", 8000 + i))
              .toArray(Backend[]::new));
      this.router = StickyRouter.of(pool, affinity().build());
    }

    /** Settings of an affinity whose table is this proxy's. */
    KeyAffinity.Builder<Long> affinity() {
      return KeyAffinity.<Long>builder(KeyExtractor.number(Long::longValue))
          .session(session)
          .environment(environment)
          .table((declared, given) -> table);
    }

    /** Routes a request that is answered at once. */
    Route route(long session) {
      CompletableFuture<Route> route = router.routeAsync(session).toCompletableFuture();
      assertThat(route).isCompleted();
      return route.join();
    }

    /** Routes a request that is answered at once, and says where it went. */
    String backend(long session) {
      return route(session).backend().id();
    }
  }
}
