package dev.limpet.redis;

import dev.limpet.core.Environment;
import dev.limpet.core.KeyHasher;
import dev.limpet.core.StickySession;
import dev.limpet.shared.BindingStore;
import dev.limpet.shared.SharedBinding;
import dev.limpet.shared.Wait;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A process with a link to a server, and a user who looks into it. */
final class StoreScene implements AutoCloseable {
  static final Environment ENVIRONMENT =
      Environment.of("0123456789abcdef0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII));
  static final KeyHasher HASHER = ENVIRONMENT.hasher();
  static final StickySession SLIDING = StickySession.sourceIp().withDuration(Duration.ofMinutes(3));
  static final StickySession ABSOLUTE = SLIDING.withMode(StickySession.Mode.ABSOLUTE);
  static final Duration PATIENT = Duration.ofSeconds(10);

  /** Closing a link and then its client makes Lettuce warn of each connection. */
  private static final Logger LETTUCE = Logger.getLogger("io.lettuce");

  static final ClientResources RESOURCES = RedisLink.resources()
      .ioThreadPoolSize(2)
      .computationThreadPoolSize(2)
      .reconnectDelay(Delay.constant(Duration.ofMillis(1)))
      .build();

  static {
    LETTUCE.setLevel(Level.SEVERE);
  }

  final RedisClient client;
  final RedisLink link;

  private StoreScene(int port, ClientResources resources) {
    client = RedisClient.create(resources);
    client.setOptions(RedisLink.options());
    link = RedisLink.of(client, uri(port));
  }

  /** Whether there is a server at the port or not. */
  static StoreScene at(int port) {
    return new StoreScene(port, RESOURCES);
  }

  static StoreScene connected(int port) throws Exception {
    return connected(port, RESOURCES);
  }

  static StoreScene connected(int port, ClientResources resources) throws Exception {
    StoreScene scene = new StoreScene(port, resources);
    Wait.until(scene.link::isConnected);
    return scene;
  }

  /**
   * Returns the settings of a store, which has the time and the room that embedders have by
   * default.
   */
  RedisStore.Builder builder() {
    return RedisStore.builder(link, "web");
  }

  OpenedStore store() {
    return store("web", SLIDING);
  }

  OpenedStore store(String pool, StickySession session) {
    return new OpenedStore(patient(link, pool), session);
  }

  OpenedStore store(Duration deadline, int maxInFlight) {
    return new OpenedStore(builder().deadline(deadline).maxInFlight(maxInFlight).build(), SLIDING);
  }

  OpenedStore store(BindingStore.Listener listener) {
    return store("web", listener);
  }

  OpenedStore store(String pool, BindingStore.Listener listener) {
    return new OpenedStore(patient(link, pool), SLIDING, listener);
  }

  /** Returns a store that waits for its answers. */
  static RedisStore patient(RedisLink link, String pool) {
    return RedisStore.builder(link, pool).deadline(PATIENT).build();
  }

  static SharedBinding first(String name) {
    return SharedBinding.of(name, 1, 0);
  }

  /** Returns the binding of a session that moves. */
  static SharedBinding moved(SharedBinding from, String name) {
    return SharedBinding.of(name, from.version() + 1, from.end());
  }

  /** What a user sees who talks to the server directly. */
  static RedisCommands<byte[], byte[]> user(RedisClient client, int port) {
    return client.connect(ByteArrayCodec.INSTANCE, uri(port)).sync();
  }

  static RedisURI uri(int port) {
    return RedisURI.create("127.0.0.1", port);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static byte[] redisKey(String pool, long key) {
    return bytes("limpet:" + pool + ':' + String.format("%016x", key));
  }

  @Override
  public void close() {
    link.close();
    client.shutdown(0, 5, TimeUnit.SECONDS);
  }
}
