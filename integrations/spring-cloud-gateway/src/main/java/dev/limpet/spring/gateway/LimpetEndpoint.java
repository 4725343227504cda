package dev.limpet.spring.gateway;

import dev.limpet.core.Pool;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** The endpoint {@code limpet} of the actuator: shows pools, and drains backends. */
@WebEndpoint(id = "limpet")
final class LimpetEndpoint {
  private final StickyPools<?, ?> pools;

  /** What an operator may do with a backend. */
  enum Action {
    /** It takes no new sessions, and keeps those it has. */
    DRAIN,
    /** It takes new sessions again. */
    READY
  }

  LimpetEndpoint(StickyPools<?, ?> pools) {
    this.pools = pools;
  }

  /** Returns all pools by name. */
  @ReadOperation
  public Map<String, PoolReport> pools() {
    Map<String, PoolReport> reports = new TreeMap<>();
    for (String name : pools.names()) {
      reports.put(name, PoolReport.of(pools.pool(name)));
    }
    return reports;
  }

  /** Returns a pool, or null, which is 404, if no pool has this name. */
  @ReadOperation
  public @Nullable PoolReport pool(@Selector String pool) {
    StickyPool<?, ?> found = pools.existing(pool);
    return (found == null) ? null : PoolReport.of(found);
  }

  /** Drains a backend, or makes it ready, and returns the pool; 404 if there is no such backend. */
  @WriteOperation
  public WebEndpointResponse<@Nullable PoolReport> change(
      @Selector String pool, @Selector String backend, Action action) {
    StickyPool<?, ?> found = pools.existing(pool);
    return (found != null && changed(found.pool(), backend, action))
        ? new WebEndpointResponse<>(PoolReport.of(found))
        : new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
  }

  /** Returns false if the pool does not have the backend. */
  private static boolean changed(Pool pool, String backend, Action action) {
    boolean[] isChanged = new boolean[1];
    pool.change(edit -> {
      isChanged[0] = pool.snapshot().members().stream()
          .anyMatch(member -> member.backend().id().equals(backend));
      if (isChanged[0] && action == Action.DRAIN) {
        edit.drain(backend);
      } else if (isChanged[0]) {
        edit.ready(backend);
      }
    });
    return isChanged[0];
  }
}
