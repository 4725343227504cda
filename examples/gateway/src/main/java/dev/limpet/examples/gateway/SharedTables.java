package dev.limpet.examples.gateway;

import dev.limpet.core.Environment;
import dev.limpet.core.StickySession;
import dev.limpet.examples.gateway.config.PoolConfig;
import dev.limpet.examples.gateway.config.RedisAddress;
import dev.limpet.examples.gateway.config.SharedTableConfig;
import dev.limpet.redis.RedisLink;
import dev.limpet.redis.RedisStore;
import dev.limpet.shared.SharedTable;
import dev.limpet.shared.SharedTableBuilder;
import io.lettuce.core.resource.ClientResources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The tables that gateways share: one store per pool, and one connection to each Redis. For one
 * thread at a time.
 */
final class SharedTables implements AutoCloseable {
  private static final long END_SECONDS = 2;

  private final Console console;
  private final Map<RedisAddress, RedisConnection> connections = new LinkedHashMap<>();
  private final Map<String, ReopenedStore> opened = new LinkedHashMap<>();
  private final List<RedisStore> stores = new ArrayList<>();
  private @Nullable ClientResources resources;

  SharedTables(Console console) {
    this.console = console;
  }

  /**
   * Returns a new table over the store of a pool, or null if the pool does not share its sessions.
   * It has the bindings that the store has, also those of earlier tables.
   *
   * @param previous the table whose sessions it continues; null for the first table
   */
  @Nullable
  SharedTable open(
      PoolConfig pool,
      StickySession session,
      Environment environment,
      @Nullable SharedTable previous) {
    SharedTableConfig shared = pool.sharedTable();
    if (shared == null) {
      return null;
    }
    ReopenedStore store =
        opened.computeIfAbsent(pool.name(), name -> new ReopenedStore(store(name, shared)));
    SharedTableBuilder table = SharedTable.builder(store);
    if (previous != null) {
      table.continuing(previous);
    }
    return table.build(session, environment);
  }

  /** Returns the stores of the tables so far. */
  List<RedisStore> stores() {
    return stores;
  }

  private RedisStore store(String pool, SharedTableConfig shared) {
    RedisStore store = RedisStore.builder(connection(shared.redis()).link(pool), pool)
        .deadline(shared.deadline())
        .build();
    stores.add(store);
    return store;
  }

  /** Reports the pools whose Redis was lost or is back. */
  void look() {
    connections.values().forEach(connection -> connection.look(console));
  }

  @Override
  public void close() {
    connections.values().forEach(RedisConnection::close);
    if (resources != null) {
      resources.shutdown(0, END_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  private RedisConnection connection(RedisAddress redis) {
    return connections.computeIfAbsent(redis, address -> RedisConnection.to(address, resources()));
  }

  private ClientResources resources() {
    if (resources == null) {
      resources = RedisLink.resources().build();
    }
    return resources;
  }
}
