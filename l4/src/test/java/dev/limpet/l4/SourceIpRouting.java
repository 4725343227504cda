package dev.limpet.l4;

import static dev.limpet.l4.Addresses.ip;
import static java.util.Objects.requireNonNull;

import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolEdit;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.table.CompactStickyTable;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** Clients of a pool of three backends. */
abstract class SourceIpRouting {
  static final List<String> IDS = List.of("db1", "db2", "db3");
  static final int CLIENTS = 60;

  final AtomicLong time = new AtomicLong();
  final Pool pool = Pool.of(
      "db",
      Backend.of("db1", "10.0.0.1", 5432),
      Backend.of("db2", "10.0.0.2", 5432),
      Backend.of("db3", "10.0.0.3", 5432));

  /** Both ways to take a backend out of the choice of new sessions. */
  enum Withdrawal {
    DRAIN,
    WEIGHT_0;

    PoolEdit of(String id, PoolEdit edit) {
      return (this == DRAIN) ? edit.drain(id) : edit.weight(id, 0);
    }
  }

  StickyRouter<InetAddress> router(Failover failover) {
    SourceIpAffinity<InetAddress> affinity = SourceIpAffinity.<InetAddress>builder(
            Function.identity())
        .environment(Environment.local().withClock(time::get))
        .table((session, environment) -> CompactStickyTable.of(session, 1000, environment.clock()))
        .build();
    return StickyRouter.<InetAddress>builder(pool, affinity).failover(failover).build();
  }

  /** Routes one connection of each client. */
  static Map<InetAddress, String> bind(StickyRouter<InetAddress> router) {
    Map<InetAddress, String> bound = new HashMap<>();
    for (int i = 0; i < CLIENTS; i++) {
      InetAddress client = ip("198.51.100." + i);
      bound.put(client, id(router.route(client)));
    }
    return bound;
  }

  static Set<String> idsOfNewSessions(StickyRouter<InetAddress> router) {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < CLIENTS; i++) {
      ids.add(id(router.route(ip("203.0.113." + i))));
    }
    return ids;
  }

  static Set<InetAddress> clientsOf(Map<InetAddress, String> bound, String id) {
    Set<InetAddress> clients = new HashSet<>(bound.keySet());
    clients.removeIf(client -> !bound.get(client).equals(id));
    return clients;
  }

  static Set<InetAddress> unlike(Map<InetAddress, String> before, Map<InetAddress, String> after) {
    Set<InetAddress> clients = new HashSet<>(before.keySet());
    clients.removeIf(client -> before.get(client).equals(after.get(client)));
    return clients;
  }

  static long count(Map<InetAddress, String> bound, String id) {
    return bound.values().stream().filter(id::equals).count();
  }

  static String id(Route route) {
    return requireNonNull(route.backend(), route::toString).id();
  }
}
