package dev.limpet.examples.gateway.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The address of a Redis or Valkey in the configuration. Immutable.
 *
 * @param text the URI, which may contain a password
 * @param cluster whether it is a cluster, of which the URI names some nodes
 */
public record RedisAddress(Secret text, boolean cluster) {
  static final String RULE =
      "redis://, rediss:// or redis-sentinel:// with a host, in Lettuce's form";
  static final String CLUSTER_RULE = "redis:// or rediss:// with the hosts of one or more nodes";

  /** Reads a URI. Returns null if it cannot be connected to. */
  static @Nullable RedisAddress parse(String text, boolean cluster) {
    RedisAddress address = new RedisAddress(Secret.of(text.getBytes(UTF_8)), cluster);
    try {
      List<RedisURI> nodes = address.nodes();
      boolean fit = !nodes.isEmpty() && nodes.stream().allMatch(node -> isFit(node, cluster));
      return fit ? address : null;
    } catch (RuntimeException e) { // the parsers throw more kinds than they declare
      return null;
    }
  }

  /** Returns the addresses to connect to: one, or the named nodes of a cluster. */
  public List<RedisURI> nodes() {
    String uri = new String(text.bytes(), UTF_8);
    return cluster
        ? RedisClusterURIUtil.toRedisURIs(URI.create(uri))
        : List.of(RedisURI.create(uri));
  }

  /** Returns whether the gateway can connect to a node. It has no transport for UNIX sockets. */
  private static boolean isFit(RedisURI node, boolean cluster) {
    List<RedisURI> sentinels = node.getSentinels();
    if (sentinels.isEmpty() || cluster) {
      return sentinels.isEmpty() && hasHost(node);
    }
    return sentinels.stream().allMatch(RedisAddress::hasHost);
  }

  private static boolean hasHost(RedisURI node) {
    return node.getHost() != null && HostPort.host(node.getHost()) != null;
  }
}
