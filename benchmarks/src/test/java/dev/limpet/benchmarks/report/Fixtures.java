package dev.limpet.benchmarks.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The results in the test's resources; their numbers are made up. */
final class Fixtures {
  private static final List<String> ALL = List.of(
      "machine",
      "lookup",
      "lookup-65536",
      "lookup-2",
      "control",
      "control-2",
      "route",
      "token",
      "peer",
      "peers",
      "pick",
      "pick-2",
      "bind",
      "bind-2",
      "change",
      "other",
      "memory",
      "overflow",
      "proxy");

  private Fixtures() {}

  static Results all() {
    return results(ALL.toArray(String[]::new));
  }

  static Results results(String... names) {
    return Results.read(Stream.of(names).map(name -> file(name + ".json")).toList());
  }

  static Path file(String name) {
    try {
      URL url = Fixtures.class.getResource(name);
      return Path.of(Objects.requireNonNull(url, name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static String text(String name) {
    try (InputStream in = Fixtures.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
