package dev.limpet.redis;

import dev.limpet.core.Environment;
import dev.limpet.shared.SharedBinding;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes what proxies store in Redis: a key and a value in each line. The file of a release is
 * committed as {@code src/test/resources/<version>}, and every later version must read it, because
 * proxies of both versions share a Redis during an update. It is never made again.
 */
public final class GoldenBindings {
  static final String NEWEST = "rc1";
  static final String FILE = "bindings.txt";
  static final String POOL = "web";
  static final Environment ENVIRONMENT = Environment.of(
      "limpet golden files: no secret of anybody".getBytes(StandardCharsets.US_ASCII));

  /** The bindings of session-1, session-2 and so on. */
  static final List<SharedBinding> BINDINGS = List.of(
      SharedBinding.of("web1", 1, 0),
      SharedBinding.of("web2@blue", 3, 0),
      SharedBinding.of("web1", 1, 4_102_444_800L),
      SharedBinding.of("a:b ~", Integer.MAX_VALUE, 9_999_999_999L));

  private GoldenBindings() {}

  /** A key of Redis, and its value. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Entry(byte[] key, byte[] value) {}

  /** {@return the releases whose files are committed} */
  static Stream<String> versions() {
    return Stream.of(NEWEST);
  }

  /**
   * Makes the file of the next release.
   *
   * @param args the folder, which must not exist
   */
  public static void main(String... args) throws IOException {
    Path folder = Files.createDirectory(Path.of(args[0]));
    Files.write(folder.resolve(FILE), lines());
  }

  private static List<String> lines() {
    PoolNames names = new PoolNames(POOL);
    BindingText text = new BindingText(ENVIRONMENT.hasher(), POOL);
    return Stream.iterate(0, i -> i < BINDINGS.size(), i -> i + 1)
        .map(i -> ascii(names.redisKey(key(i))) + ' ' + ascii(text.write(key(i), BINDINGS.get(i))))
        .toList();
  }

  private static String ascii(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  /** {@return the key of a session} */
  static long key(int index) {
    return ENVIRONMENT.hasher().string("session-" + (index + 1));
  }

  static List<Entry> entries(String version) {
    return new String(bytes(version), StandardCharsets.US_ASCII)
        .lines()
        .map(GoldenBindings::entry)
        .toList();
  }

  private static Entry entry(String line) {
    int space = line.indexOf(' ');
    return new Entry(
        StoreScene.bytes(line.substring(0, space)), StoreScene.bytes(line.substring(space + 1)));
  }

  private static byte[] bytes(String version) {
    String path = '/' + version + '/' + FILE;
    try (InputStream in = GoldenBindings.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException(path + ": absent (expected: a golden file)");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
