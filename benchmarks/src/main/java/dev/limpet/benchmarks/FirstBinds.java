package dev.limpet.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.redis.RedisLink;
import dev.limpet.redis.RedisStore;
import dev.limpet.shared.SharedTable;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import redis.embedded.RedisServer;

/**
 * How many new sessions per second can one connection to Redis bind, and how many bytes does each
 * take in Redis? Binds a million sessions with a number of calls under way at a time: once to warm
 * up, and then once for each of the given numbers.
 *
 * <pre>java -cp benchmarks.jar dev.limpet.benchmarks.FirstBinds 64 256 1024</pre>
 *
 * <p>Starts its own Redis on loopback, which shares the machine's processors with this program.
 */
public final class FirstBinds {
  private static final int SESSIONS = 1_000_000;
  private static final int WARM_UP = 64;
  private static final int BACKENDS = 20;
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private final RedisLink link;
  private final RedisCommands<String, String> redis;

  private FirstBinds(RedisLink link, RedisCommands<String, String> redis) {
    this.link = link;
    this.redis = redis;
  }

  /**
   * Prints a line for each number of calls.
   *
   * @param args the numbers of calls under way at a time
   * @throws IOException if Redis does not start
   * @throws InterruptedException if this thread is interrupted
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    int port = freePort();
    RedisServer server = RedisServer.newRedisServer()
        .port(port)
        .bind("127.0.0.1")
        .setting("save \"\"")
        .build();
    server.start();
    RedisClient client = RedisClient.create(RedisLink.resources().build());
    client.setOptions(RedisLink.options());
    RedisURI uri = RedisURI.create("127.0.0.1", port);
    try (RedisLink link = RedisLink.of(client, uri)) {
      measure(new FirstBinds(link, client.connect(uri).sync()), args);
    } finally {
      client.shutdown();
      server.stop();
    }
  }

  private static void measure(FirstBinds binds, String[] args) throws InterruptedException {
    binds.awaitConnection();
    binds.run(WARM_UP);
    for (String calls : args) {
      System.out.println(binds.run(Integer.parseInt(calls)));
    }
  }

  private void awaitConnection() throws InterruptedException {
    while (!link.isConnected()) {
      Thread.sleep(10);
    }
  }

  private String run(int calls) throws InterruptedException {
    redis.flushall();
    long before = usedMemory();
    StickyRouter<Long> router = router();
    Semaphore free = new Semaphore(calls);
    double redisBefore = redisSeconds();
    long cpuBefore = cpuNanos();
    long begin = System.nanoTime();
    for (long session = 0; session < SESSIONS; session++) {
      free.acquire();
      router.routeAsync(session).whenComplete((route, thrown) -> free.release());
    }
    free.acquire(calls);
    double seconds = (System.nanoTime() - begin) / 1e9;
    long bound = router.stats().count(Outcome.NEW);
    return String.format(
        Locale.ROOT,
        "%,d calls at a time: %,.0f binds/s,"
            + " processor time of a bind %.1f µs here and %.1f µs in Redis,"
            + " %,d of %,d bound, %.0f bytes of Redis each",
        calls,
        SESSIONS / seconds,
        (cpuNanos() - cpuBefore) / 1e3 / SESSIONS,
        (redisSeconds() - redisBefore) * 1e6 / SESSIONS,
        bound,
        SESSIONS,
        (double) (usedMemory() - before) / redis.dbsize());
  }

  private StickyRouter<Long> router() {
    RedisStore store = RedisStore.builder(link, "web-shop").deadline(DEADLINE).build();
    Pool pool = Pool.of(
        "web-shop",
        IntStream.range(0, BACKENDS)
            .mapToObj(i -> Backend.of("web-shop-" + i, "10.0.0.1", 8000 + i))
            .toArray(Backend[]::new));
    return StickyRouter.of(
        pool,
        KeyAffinity.<Long>builder(KeyExtractor.number(Long::longValue))
            .environment(Environment.of(new byte[Environment.MIN_SECRET_BYTES]))
            .table(SharedTable.builder(store).capacity(Tables.capacity(SESSIONS))::build)
            .build());
  }

  private long usedMemory() {
    return (long) info("memory", "used_memory");
  }

  private double redisSeconds() {
    return info("cpu", "used_cpu_user") + info("cpu", "used_cpu_sys");
  }

  private double info(String section, String name) {
    return redis
        .info(section)
        .lines()
        .filter(line -> line.startsWith(name + ':'))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  /** {@return the processor time of this program so far} */
  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
