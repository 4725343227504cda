package dev.limpet.redis;

import dev.limpet.core.KeyHasher;
import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.resource.ClientResources;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A process with a link to a server, and a user who looks into it. */
final class StoreScene implements AutoCloseable {
  static final KeyHasher HASHER =
      KeyHasher.of("0123456789abcdef0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII));
  static final StickySession SLIDING = StickySession.sourceIp().withDuration(Duration.ofMinutes(3));
  static final StickySession ABSOLUTE = SLIDING.withMode(StickySession.Mode.ABSOLUTE);
  static final Duration PATIENT = Duration.ofSeconds(10);

  private static final ClientResources RESOURCES =
      RedisLink.resources().ioThreadPoolSize(2).computationThreadPoolSize(2).build();

  final RedisClient client = RedisClient.create(RESOURCES);
  final RedisLink link;
  final StoreCounts counts = new StoreCounts();

  private StoreScene(int port) {
    client.setOptions(RedisLink.options());
    link = RedisLink.of(client, uri(port));
  }

  /** Whether there is a server at the port or not. */
  static StoreScene at(int port) {
    return new StoreScene(port);
  }

  static StoreScene connected(int port) throws Exception {
    StoreScene scene = at(port);
    Wait.until(scene.link::isConnected);
    return scene;
  }

  RedisStore store() {
    return store("web", SLIDING);
  }

  RedisStore store(String pool, StickySession session) {
    return store(pool, session, PATIENT);
  }

  RedisStore store(String pool, StickySession session, Duration deadline) {
    return new RedisStore(
        link,
        pool,
        session,
        HASHER,
        deadline,
        RedisStore.DEFAULT_MAX_IN_FLIGHT,
        NanoClock.system(),
        counts);
  }

  StoreStats stats() {
    return counts.stats();
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
