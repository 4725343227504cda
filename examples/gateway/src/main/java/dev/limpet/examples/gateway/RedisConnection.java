package dev.limpet.examples.gateway;

import dev.limpet.examples.gateway.config.RedisAddress;
import dev.limpet.redis.RedisLink;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The connection to a Redis server, and whether it is up. For one thread at a time. */
final class RedisConnection implements AutoCloseable {
  private static final Duration END = Duration.ofSeconds(2);

  private final AbstractRedisClient client;
  private final RedisLink link;
  private final List<String> pools = new ArrayList<>();
  private @Nullable Boolean connected;

  private RedisConnection(AbstractRedisClient client, RedisLink link) {
    this.client = client;
    this.link = link;
  }

  /** Starts to connect, and keeps trying until it is closed. */
  static RedisConnection to(RedisAddress address, ClientResources resources) {
    List<RedisURI> nodes = address.nodes();
    if (address.cluster()) {
      RedisClusterClient client = RedisClusterClient.create(resources, nodes);
      client.setOptions(RedisLink.clusterOptions());
      return new RedisConnection(client, RedisLink.of(client));
    }
    RedisClient client = RedisClient.create(resources);
    client.setOptions(RedisLink.options());
    return new RedisConnection(client, RedisLink.of(client, nodes.get(0)));
  }

  /** Returns the link, for the table of one more pool. */
  RedisLink link(String pool) {
    pools.add(pool);
    return link;
  }

  /** Checks whether Redis can be reached, and reports it if that changed. */
  void look(Console console) {
    boolean now = link.isConnected();
    if (connected != null && connected == now) {
      return;
    }
    connected = now;
    String tables = "shared table of " + String.join(", ", pools);
    if (now) {
      console.say(tables + ": Redis is reachable");
    } else {
      console.complain(
          tables + ": Redis is unreachable; sessions known here stay, others fall back to hashing");
    }
  }

  @Override
  public void close() {
    link.close();
    client.shutdown(Duration.ZERO, END);
  }
}
