package dev.limpet.spring.gateway;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Fault;
import dev.limpet.core.FaultException;
import dev.limpet.core.TableFactory;
import dev.limpet.redis.RedisLink;
import dev.limpet.redis.RedisStore;
import dev.limpet.shared.SharedTable;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import io.lettuce.core.resource.ClientResources;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tables on Redis, with one connection to each. Safe for use by many threads at once. */
final class RedisTables implements SharedTables {
  private static final Duration END = Duration.ofSeconds(2);
  private static final String REDIS = "redis";
  private static final String RULE =
      "redis://, rediss:// or redis-sentinel:// with a host, in Lettuce's form";
  private static final String CLUSTER_RULE =
      "redis:// or rediss:// with the hosts of one or more nodes";

  private final Map<Address, Connection> connections = new LinkedHashMap<>();
  private @Nullable ClientResources resources;

  private record Address(Secret uri, boolean isCluster) {}

  private record Connection(AbstractRedisClient client, RedisLink link) {
    void close() {
      link.close();
      client.shutdown(Duration.ZERO, END);
    }
  }

  @Override
  public synchronized TableFactory tables(String pool, SharedTableProperties shared) {
    Address address = new Address(requireNonNull(shared.redis(), REDIS), shared.cluster());
    List<RedisURI> nodes = nodes(address);
    Connection connection =
        connections.computeIfAbsent(address, absent -> connect(nodes, address.isCluster()));
    RedisStore store =
        RedisStore.builder(connection.link(), pool).deadline(shared.deadline()).build();
    return SharedTable.builder(store)::build;
  }

  @Override
  public synchronized void close() {
    connections.values().forEach(Connection::close);
    connections.clear();
    if (resources != null) {
      resources.shutdown(0, END.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }
  }

  private Connection connect(List<RedisURI> nodes, boolean isCluster) {
    if (isCluster) {
      RedisClusterClient client = RedisClusterClient.create(resources(), nodes);
      client.setOptions(RedisLink.clusterOptions());
      return new Connection(client, RedisLink.of(client));
    }
    RedisClient client = RedisClient.create(resources());
    client.setOptions(RedisLink.options());
    return new Connection(client, RedisLink.of(client, nodes.get(0)));
  }

  private ClientResources resources() {
    if (resources == null) {
      resources = RedisLink.resources().build();
    }
    return resources;
  }

  private static List<RedisURI> nodes(Address address) {
    String rule = address.isCluster() ? CLUSTER_RULE : RULE;
    try {
      List<RedisURI> nodes = address.isCluster()
          ? RedisClusterURIUtil.toRedisURIs(URI.create(address.uri().text()))
          : List.of(RedisURI.create(address.uri().text()));
      if (!nodes.isEmpty() && nodes.stream().allMatch(RedisTables::hasHost)) {
        return nodes;
      }
    } catch (RuntimeException unreadable) { // its message shows the address
      throw refused(rule);
    }
    throw refused(rule);
  }

  private static boolean hasHost(RedisURI node) {
    return node.getSentinels().isEmpty()
        ? node.getHost() != null && !node.getHost().isEmpty()
        : node.getSentinels().stream().allMatch(RedisTables::hasHost);
  }

  private static FaultException refused(String rule) {
    return new FaultException(Fault.of(REDIS, Secret.HIDDEN, rule));
  }
}
