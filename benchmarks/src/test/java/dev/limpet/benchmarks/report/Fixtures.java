package dev.limpet.benchmarks.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The results in the test's resources; their numbers are made up. */
final class Fixtures {
  private Fixtures() {}

  static Path jdk17() {
    return file("jdk17");
  }

  /** Copies the results to a folder as those of JDK 25. */
  static Path jdk25(Path folder) {
    try (Stream<Path> files = Files.list(jdk17())) {
      for (Path file : files.toList()) {
        Files.writeString(
            folder.resolve(file.getFileName()),
            Files.readString(file).replace("17.0.15", "25.0.3"));
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Document document(Path... folders) {
    return new Document(List.of(folders).stream().map(Run::read).toList());
  }

  static String text(String name) {
    try {
      return Files.readString(file(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path file(String name) {
    try {
      URL url = Fixtures.class.getResource(name);
      return Path.of(Objects.requireNonNull(url, name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
