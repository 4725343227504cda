package dev.limpet.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.event.ClusterTopologyChangedEvent;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import java.net.SocketAddress;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import reactor.core.Disposable;

/** A cluster. Lettuce has one connection to each of its servers behind a common one. */
record ClusterTopology(RedisClusterClient client) implements Topology {

  @Override
  public CompletionStage<StatefulConnection<byte[], byte[]>> connect() {
    return client
        .refreshPartitionsAsync()
        .thenCompose(known -> client.connectAsync(ByteArrayCodec.INSTANCE))
        .thenCompose(ClusterTopology::connectMasters);
  }

  /**
   * Connects to all masters, because Lettuce otherwise connects to a server when it is first
   * needed, and rejects commands until then.
   */
  private static CompletionStage<StatefulConnection<byte[], byte[]>> connectMasters(
      StatefulRedisClusterConnection<byte[], byte[]> made) {
    CompletableFuture<?>[] connections = made.getPartitions().stream()
        .filter(node -> node.is(RedisClusterNode.NodeFlag.UPSTREAM))
        .map(RedisClusterNode::getUri)
        .map(uri -> made.getConnectionAsync(uri.getHost(), uri.getPort()))
        .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(connections).handle((done, failure) -> made);
  }

  @Override
  public CompletionStage<StatefulRedisPubSubConnection<byte[], byte[]>> connectPubSub() {
    return client
        .refreshPartitionsAsync()
        .thenCompose(known -> client.connectPubSubAsync(ByteArrayCodec.INSTANCE))
        .thenApply(made -> made);
  }

  @Override
  public boolean isOneServer() {
    return false;
  }

  @Override
  public ClientResources resources() {
    return client.getResources();
  }

  @Override
  public Runnable watch(Runnable back) {
    Regained regained = new Regained(back);
    client.addListener(regained);
    Disposable changes = client
        .getResources()
        .eventBus()
        .get()
        .filter(ClusterTopologyChangedEvent.class::isInstance)
        .subscribe(event -> back.run());
    return () -> {
      client.removeListener(regained);
      changes.dispose();
    };
  }

  /**
   * Notices connections that were lost and are back. The connections that Lettuce uses to refresh
   * the topology never come back.
   */
  private static final class Regained implements RedisConnectionStateListener {
    private final Set<RedisChannelHandler<?, ?>> lost =
        Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    private final Runnable back;

    Regained(Runnable back) {
      this.back = back;
    }

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
      lost.add(handler);
    }

    @Override
    public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {
      if (lost.remove(handler)) {
        back.run();
      }
    }
  }
}
