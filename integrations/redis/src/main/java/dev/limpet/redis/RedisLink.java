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
 * How a process is connected to Redis or Valkey, for all its shared tables. It has two connections,
 * one for scripts and one for messages (in a cluster, to each server that it needs). It is made
 * whether Redis is there or not: it connects by itself, with growing pauses, until it is connected,
 * and again whenever a connection breaks. Nothing here blocks, and it has no threads but those of
 * the client.
 *
 * <p>The client is the embedder's, and so are its settings; the embedder shuts it down, after the
 * link is closed. It is to be made with {@link #resources} and set to {@link #options} or {@link
 * #clusterOptions}, or to something like them: commands must be rejected while there is no
 * connection, and a client of a cluster must look for changes of its topology, or it never finds a
 * new master.
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
   * @param client the client, which is not shut down by the link
   * @param uri where the server is, or the Sentinels
   * @throws IllegalArgumentException if the client does not reject commands while it is
   *     disconnected
   */
  public static RedisLink of(RedisClient client, RedisURI uri) {
    return new RedisLink(new Topology.Standalone(rejecting(client), requireNonNull(uri, "uri")));
  }

  /**
   * {@return a link to a cluster}
   *
   * @param client the client, which is not shut down by the link
   * @throws IllegalArgumentException if the client does not reject commands while it is
   *     disconnected
   */
  public static RedisLink of(RedisClusterClient client) {
    return new RedisLink(new ClusterTopology(rejecting(client)));
  }

  /** Refuses a client that would keep commands, without end, for as long as the server is away. */
  private static <C extends AbstractRedisClient> C rejecting(C client) {
    DisconnectedBehavior behavior = client.getOptions().getDisconnectedBehavior();
    if (behavior != DisconnectedBehavior.REJECT_COMMANDS) {
      throw new IllegalArgumentException("disconnectedBehavior: " + behavior + " (expected: "
          + DisconnectedBehavior.REJECT_COMMANDS + ", as RedisLink.options sets it)");
    }
    return client;
  }

  /**
   * {@return options for a client of a server or of Sentinels: commands are rejected while there is
   * no connection, queues are bounded, a connect may take 2 s, and Lettuce starts no timer for a
   * command, since tables have deadlines of their own}
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
   * {@return options for a client of a cluster: as {@link #options}, and the topology is looked at
   * every 30 s and, at most once a second, when an answer or a lost connection says that it
   * changed}
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
   * {@return the beginning of resources for a client: lost connections are made again after 20 ms
   * to 5 s, at random, so that the proxies of a fleet do not come all at once}
   */
  public static ClientResources.Builder resources() {
    return ClientResources.builder()
        .reconnectDelay(Delay.decorrelatedJitter(20, 5_000, 20, TimeUnit.MILLISECONDS));
  }

  /** {@return whether scripts have a connection now} */
  public boolean isConnected() {
    return connection() != null;
  }

  /** Closes the connections, without waiting for it. Tables have no answers from then on. */
  @Override
  public void close() {
    endWatch.run();
    scripts.close();
    messages.close();
    subscriptions.close();
  }

  /** {@return the connection for scripts, or null while there is none} */
  @Nullable
  StatefulConnection<byte[], byte[]> connection() {
    return scripts.connection();
  }

  /** Makes a connection anew that answered wrongly. */
  void replace(StatefulConnection<byte[], byte[]> broken) {
    scripts.replace(broken);
  }

  /**
   * Hears what is said on a channel, and whenever something may have been missed, there or in Redis
   * itself.
   */
  void subscribe(byte[] channel, Subscriptions.Subscriber subscriber) {
    subscriptions.add(channel, subscriber);
  }

  /** {@return a number that no other call on this link has} */
  long nextCall() {
    return lastCall.incrementAndGet();
  }

  /** Runs a task after a while, unless this is closed by then. */
  void later(Duration delay, Runnable task) {
    scripts.later(delay.toMillis(), task);
  }

  ScheduledExecutorService executor() {
    return executor;
  }
}
