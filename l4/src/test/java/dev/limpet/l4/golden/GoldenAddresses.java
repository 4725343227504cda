package dev.limpet.l4.golden;

import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.l4.SourceIpAffinity;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Makes a saved table of source addresses. The file of a release is committed as {@code
 * src/test/resources/<version>}, and every later version must read it. It is never made again.
 */
public final class GoldenAddresses {
  static final String TABLE = "source-ip.table";
  static final Instant SAVED_AT = Instant.parse("2026-12-01T12:00:00Z");
  static final Backend HOME = Backend.of("db2", "10.0.0.2", 5432);

  private static final byte[] SECRET =
      "limpet golden files: no secret of anybody".getBytes(StandardCharsets.US_ASCII);

  private GoldenAddresses() {}

  /** {@return the releases whose files are committed} */
  static Stream<String> versions() {
    return Stream.of("rc1");
  }

  /**
   * Makes the file of the next release.
   *
   * @param args the folder, which must not exist
   */
  public static void main(String... args) throws IOException {
    Path folder = Files.createDirectory(Path.of(args[0]));
    SourceIpAffinity<InetAddress> affinity = affinity(SAVED_AT);
    StickyRouter<InetAddress> router = StickyRouter.of(Pool.of("db", HOME), affinity);
    clients().forEach(router::route);
    affinity.save(folder.resolve(TABLE));
  }

  /** {@return an affinity by address, or by network of IPv6} */
  static SourceIpAffinity<InetAddress> affinity(Instant now) {
    return SourceIpAffinity.<InetAddress>builder(Function.identity())
        .ipv6Prefix(56)
        .environment(Environment.of(SECRET).withClock(() -> 0).withWallClock(() -> now))
        .table((session, environment) -> CompactStickyTable.of(session, 100, environment.clock()))
        .build();
  }

  static List<InetAddress> clients() {
    return IntStream.range(0, 10)
        .boxed()
        .flatMap(i -> Stream.of("192.0.2." + i, "2001:db8:0:" + i + "00::1"))
        .map(GoldenAddresses::address)
        .toList();
  }

  static Duration almostTheDuration() {
    return affinity(SAVED_AT).session().duration().minusSeconds(1);
  }

  static byte[] bytes(String version) throws IOException {
    String path = '/' + version + '/' + TABLE;
    try (InputStream in = GoldenAddresses.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException(path + ": absent (expected: a golden file)");
      }
      return in.readAllBytes();
    }
  }

  private static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
