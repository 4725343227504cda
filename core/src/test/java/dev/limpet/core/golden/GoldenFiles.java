package dev.limpet.core.golden;

import dev.limpet.core.StickySession;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes what this module writes: files, and numbers on which processes must agree. The files of a
 * release are committed as {@code src/test/resources/<version>}, and every later version must read
 * them. They are never made again.
 */
public final class GoldenFiles {
  static final String NEWEST = "rc1";
  static final String SLIDING = "sliding.table";
  static final String ABSOLUTE = "absolute.table";
  static final String LIMITED = "limited.table";
  static final String KEYS = "keys.txt";
  static final String CHOICES = "choices.txt";

  private GoldenFiles() {}

  /** {@return the releases whose files are committed} */
  static Stream<String> versions() {
    return Stream.of(NEWEST);
  }

  /**
   * Makes the files of the next release.
   *
   * @param args the folder, which must not exist
   */
  public static void main(String... args) throws IOException {
    make(Files.createDirectory(Path.of(args[0])));
  }

  static void make(Path folder) throws IOException {
    saveTable(GoldenTable.SLIDING, folder.resolve(SLIDING));
    saveTable(GoldenTable.ABSOLUTE, folder.resolve(ABSOLUTE));
    saveTable(GoldenTable.LIMITED, folder.resolve(LIMITED));
    Files.write(folder.resolve(KEYS), GoldenKeys.lines());
    Files.write(folder.resolve(CHOICES), GoldenChoices.lines());
  }

  private static void saveTable(StickySession session, Path file) throws IOException {
    GoldenTable golden = new GoldenTable(session);
    golden.fill();
    golden.table.save(file, golden.environment);
  }

  static byte[] bytes(String version, String name) {
    String path = '/' + version + '/' + name;
    try (InputStream in = GoldenFiles.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException(path + ": absent (expected: a golden file)");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> lines(String version, String name) {
    return new String(bytes(version, name), StandardCharsets.UTF_8).lines().toList();
  }
}
