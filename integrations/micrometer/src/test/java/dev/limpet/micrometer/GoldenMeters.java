package dev.limpet.micrometer;

import dev.limpet.core.Pool;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.redis.RedisLink;
import dev.limpet.redis.RedisStore;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the list of all meters, with their units and tags. The list of a release is committed as
 * {@code src/test/resources/<version>}, and every later version must have these meters. It is never
 * made again.
 */
public final class GoldenMeters {
  static final String NEWEST = "rc1";

  private static final String FILE = "meters.txt";

  private GoldenMeters() {}

  /** {@return the releases whose lists are committed} */
  static Stream<String> versions() {
    return Stream.of(NEWEST);
  }

  /**
   * Makes the list of the next release.
   *
   * @param args the folder, which must not exist
   */
  public static void main(String... args) throws IOException {
    Path folder = Files.createDirectory(Path.of(args[0]));
    Files.write(folder.resolve(FILE), lines());
  }

  /** {@return the meters of a pool that counts connections, its routers and its store} */
  static List<String> lines() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Pool pool = Routing.counting(Routing.backend("a"), Routing.backend("b"));
    pool.change(edit -> edit.drain("b"));
    HttpRouter<Page, Page> web =
        HttpRouter.of(pool, LbCookieAffinity.builder(pool, Page.ACCESS).build());
    RedisClient client = RedisClient.create();
    client.setOptions(RedisLink.options());
    try (RedisLink link = RedisLink.of(client, RedisURI.create("127.0.0.1", 1))) {
      LimpetMetrics.builder()
          .router("web", web)
          .router("table", Routing.router(pool))
          .build()
          .bindTo(registry);
      StoreMetrics.of(RedisStore.builder(link, "pool").build()).bindTo(registry);
      return registry.getMeters().stream()
          .map(Meter::getId)
          .map(GoldenMeters::line)
          .sorted()
          .toList();
    } finally {
      client.shutdown();
    }
  }

  private static String line(Meter.Id id) {
    String tags = id.getTags().stream().map(GoldenMeters::text).collect(Collectors.joining(" "));
    return id.getName() + " in " + id.getBaseUnit() + ": " + tags;
  }

  private static String text(Tag tag) {
    return tag.getKey() + '=' + tag.getValue();
  }

  static List<String> lines(String version) throws IOException {
    String path = '/' + version + '/' + FILE;
    try (InputStream in = GoldenMeters.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException(path + ": absent (expected: a golden file)");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
