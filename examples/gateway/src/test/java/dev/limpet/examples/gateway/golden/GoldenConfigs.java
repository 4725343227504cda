package dev.limpet.examples.gateway.golden;

import static java.util.Objects.requireNonNull;

import dev.limpet.examples.gateway.config.ConfigDocument;
import dev.limpet.examples.gateway.config.ConfigEdit;
import dev.limpet.examples.gateway.config.ConfigReader;
import dev.limpet.examples.gateway.config.ConfigSource;
import dev.limpet.examples.gateway.config.SourceReading;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Configurations with every key. Two are written by hand for each release: {@code gateway.yaml}
 * and, for the profile classic, {@code classic.yaml}. This makes the other files of a release from
 * them: what they mean, and what the gateway writes after an edit. The files of a release are committed
 * as {@code src/test/resources/<version>}, and every later version must read them. They are never
 * made again.
 */
public final class GoldenConfigs {
  static final String NEWEST = "rc1";
  static final String GATEWAY = "gateway.yaml";
  static final String CLASSIC = "classic.yaml";
  static final String EDITED = "gateway-edited.yaml";
  static final List<String> WITH_MEANING = List.of(GATEWAY, CLASSIC, EDITED);

  private static final List<String> FILES =
      List.of(GATEWAY, CLASSIC, EDITED, "ca.pem", "cert.pem", "key.pem");

  private GoldenConfigs() {}

  /** {@return the releases whose files are committed} */
  static Stream<String> versions() {
    return Stream.of(NEWEST);
  }

  /**
   * Makes the other files of the next release.
   *
   * @param args a folder with the files that are written by hand
   */
  public static void main(String... args) throws IOException {
    Path folder = Path.of(args[0]).toAbsolutePath();
    Path tables = Files.createDirectory(folder.resolve("tables"));
    try {
      make(folder);
    } finally {
      Files.delete(tables);
    }
  }

  private static void make(Path folder) throws IOException {
    Files.writeString(
        folder.resolve(EDITED),
        edited(source(folder.resolve(GATEWAY))),
        StandardOpenOption.CREATE_NEW);
    for (String name : WITH_MEANING) {
      Files.write(
          folder.resolve(meaning(name)),
          Meaning.of(source(folder.resolve(name)).config(), folder),
          StandardOpenOption.CREATE_NEW);
    }
  }

  /** {@return the name of the file that says what a configuration means} */
  static String meaning(String name) {
    return name.replace(".yaml", ".meaning.txt");
  }

  static ConfigSource source(Path file) {
    SourceReading reading = ConfigReader.source(file);
    if (!reading.faults().isEmpty()) {
      throw new AssertionError(reading.faults());
    }
    return requireNonNull(reading.source());
  }

  /** {@return the text that the gateway writes after two changes by an operator} */
  static String edited(ConfigSource source) {
    ConfigEdit backend = source
        .document()
        .change(
            ConfigDocument.backend("web", "web1"),
            "{\"address\": \"[::1]:8443\", \"weight\": 3, \"drain\": true}");
    ConfigEdit sticky =
        requireNonNull(backend.document()).set(ConfigDocument.stickinessOfPool("web"), """
        {"type": "lb-cookie", "duration": "45m", "mode": "sliding", "maxDuration": "1d",
         "cookieName": "LB2", "encrypted": false, "secure": true, "path": "/",
         "sameSite": "none", "hostPrefix": true, "partitioned": true}
        """);
    ConfigSource written = source.rewritten(
        requireNonNull(sticky.document()), requireNonNull(sticky.read().config()));
    return requireNonNull(written).text();
  }

  /** Copies the files of a release into a folder where the gateway may keep its tables. */
  static void copy(String version, Path folder) throws IOException {
    Files.createDirectory(folder.resolve("tables"));
    for (String name : FILES) {
      try (InputStream in = open(version, name)) {
        Files.copy(in, folder.resolve(name));
      }
    }
  }

  static List<String> lines(String version, String name) throws IOException {
    try (InputStream in = open(version, name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static InputStream open(String version, String name) {
    String path = '/' + version + '/' + name;
    InputStream in = GoldenConfigs.class.getResourceAsStream(path);
    if (in == null) {
      throw new IllegalStateException(path + ": absent (expected: a golden file)");
    }
    return in;
  }
}
