package dev.limpet.redis;

import static java.util.Objects.requireNonNull;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Connects a process to Redis or Valkey, for all its shared tables. It has two connections, one for
 * scripts and one for messages (in a cluster, to each server that it needs). It can be made before
 * Redis is reachable: it connects by itself, with growing pauses, and reconnects whenever a
 * connection breaks. It never blocks, and uses only the threads of the client.
 *
 * <p>The client and its settings belong to the embedder, who shuts it down after closing the link.
 * Make it with {@link #resources} and {@link #options} or {@link #clusterOptions}, or with similar
 * ones. Two settings are essential: commands must be rejected while there is no connection, and the
 * client of a cluster must refresh the topology, or it never finds a new master.
 *
 * <pre>{@code
 * RedisClient client = RedisClient.create(RedisLink.resources().build());
 * client.setOptions(RedisLink.options());
 * RedisLink link = RedisLink.of(client, RedisURI.create("redis://redis.internal"));
 * }</pre>
 *
 * <p>Safe for use by many threads at once.
 */
public final class RedisLink implements AutoCloseable {
  private static final int REQUEST_QUEUE = 32_768;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration TOPOLOGY_PERIOD = Duration.ofSeconds(30);
  private static final Duration TOPOLOGY_PAUSE = Duration.ofSeconds(1);

  private final ScheduledExecutorService executor;
  private final Subscriptions subscriptions;
  private final ReconnectingConnection<StatefulConnection<byte[], byte[]>> scripts;
  private final ReconnectingConnection<StatefulRedisPubSubConnection<byte[], byte[]>> messages;
  private final Runnable endWatch;
  private final AtomicLong lastCall = new AtomicLong(ThreadLocalRandom.current().nextLong());

  private RedisLink(Topology topology) {
    this.executor = topology.resources().eventExecutorGroup();
    this.subscriptions = new Subscriptions(executor);
    this.scripts = new ReconnectingConnection<>(
        topology::connect,
        made -> subscriptions.resumed(),
        subscriptions::resumed,
        topology.isOneServer(),
        executor);
    this.messages = new ReconnectingConnection<>(
        topology::connectPubSub, subscriptions::opened, () -> {}, topology.isOneServer(), executor);
    this.endWatch = topology.watch(subscriptions::resumed);
    scripts.open();
    messages.open();
  }

  /**
   * {@return a link to one server, or to the master that Sentinels name}
   *
   * @param client the client; the link does not shut it down
   * @param uri the address of the server or the Sentinels
   * @throws IllegalArgumentException if the client does not reject commands while it is
   *     disconnected
   */
  public static RedisLink of(RedisClient client, RedisURI uri) {
    return new RedisLink(new Topology.Standalone(rejecting(client), requireNonNull(uri, "uri")));
  }

  /**
   * {@return a link to a cluster}
   *
   * @param client the client; the link does not shut it down
   * @throws IllegalArgumentException if the client does not reject commands while it is
   *     disconnected
   */
  public static RedisLink of(RedisClusterClient client) {
    return new RedisLink(new ClusterTopology(rejecting(client)));
  }

  /** Rejects a client that would queue commands without limit while the server is unreachable. */
  private static <C extends AbstractRedisClient> C rejecting(C client) {
    DisconnectedBehavior behavior = client.getOptions().getDisconnectedBehavior();
    if (behavior != DisconnectedBehavior.REJECT_COMMANDS) {
      throw new IllegalArgumentException("disconnectedBehavior: " + behavior + " (expected: "
          + DisconnectedBehavior.REJECT_COMMANDS + ", as RedisLink.options sets it)");
    }
    return client;
  }

  /**
   * {@return options for a client of a server or of Sentinels} Commands are rejected while there is
   * no connection, queues are bounded, a connect may take 2 s, and Lettuce starts no timers for
   * commands, because tables have their own deadlines.
   */
  public static ClientOptions options() {
    return ClientOptions.builder()
        .autoReconnect(true)
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        .requestQueueSize(REQUEST_QUEUE)
        .socketOptions(SocketOptions.builder().connectTimeout(CONNECT_TIMEOUT).build())
        .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
        .build();
  }

  /**
   * {@return options for a client of a cluster} They are those of {@link #options}. In addition,
   * the topology is refreshed every 30 s, and whenever an answer or a lost connection indicates a
   * change, but then at most once per second.
   */
  public static ClusterClientOptions clusterOptions() {
    ClusterTopologyRefreshOptions refresh = ClusterTopologyRefreshOptions.builder()
        .enablePeriodicRefresh(TOPOLOGY_PERIOD)
        .adaptiveRefreshTriggersTimeout(TOPOLOGY_PAUSE)
        .build();
    return ClusterClientOptions.builder(options())
        .topologyRefreshOptions(refresh)
        .build();
  }

  /**
   * {@return a builder of resources for a client} Lost connections are made again after a random
   * time of 20 ms to 5 s, so that the proxies of a fleet do not reconnect all at once.
   */
  public static ClientResources.Builder resources() {
    return ClientResources.builder()
        .reconnectDelay(Delay.decorrelatedJitter(20, 5_000, 20, TimeUnit.MILLISECONDS));
  }

  /** {@return true if scripts have a connection now} */
  public boolean isConnected() {
    return connection() != null;
  }

  /**
   * Starts to close the connections, and does not wait for it. From then on, tables get no answers.
   */
  @Override
  public void close() {
    endWatch.run();
    scripts.close();
    messages.close();
    subscriptions.close();
  }

  /** {@return the connection for scripts; null while absent} */
  @Nullable
  StatefulConnection<byte[], byte[]> connection() {
    return scripts.connection();
  }

  /** Closes a connection that gave a wrong answer, and makes a new one. */
  void replace(StatefulConnection<byte[], byte[]> broken) {
    scripts.replace(broken);
  }

  /**
   * Subscribes to the messages of a channel. The subscriber is also notified whenever messages or
   * Redis's data may have been lost.
   */
  void subscribe(byte[] channel, Subscriptions.Subscriber subscriber) {
    subscriptions.add(channel, subscriber);
  }

  /** {@return a number that no other call on this link has} */
  long nextCall() {
    return lastCall.incrementAndGet();
  }

  /** Runs a task later, unless the link is closed by then. */
  void later(Duration delay, Runnable task) {
    scripts.later(delay.toMillis(), task);
  }

  ScheduledExecutorService executor() {
    return executor;
  }
}
