package dev.limpet.core;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs {@link WordRaces}, {@link RouterRaces}, {@code NameRaces} and {@code MoveRaces} under
 * jcstress: briefly here, and as long as you like with {@code -Djcstress.mode=default}. What
 * jcstress generates is compiled here, not by the build.
 */
class RacesTest {
  private static final List<Path> SOURCES = Stream.of(
          "WordRaces.java", "RouterRaces.java", "table/NameRaces.java", "table/MoveRaces.java")
      .map(name -> Path.of("src/test/java/dev/limpet/core", name))
      .toList();

  private static final List<String> BRIEFLY = List.of(
      "-jvmArgs",
      "-Xmx256m",
      "-sc",
      "false",
      "-f",
      "1",
      "-af",
      "NONE",
      "-iters",
      "2",
      "-time",
      "200");

  @TempDir
  private Path directory;

  @Tag("slow")
  @Test
  void noRace_endsInAForbiddenState() throws Exception {
    generate();
    Path log = directory.resolve("log");
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        directory + File.pathSeparator + System.getProperty("java.class.path"),
        "org.openjdk.jcstress.Main"));
    String mode = System.getProperty("jcstress.mode");
    command.addAll((mode == null) ? BRIEFLY : List.of("-m", mode));
    Process harness = new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
    try {
      int exit = harness.waitFor();
      assertThat(exit).as(Files.readString(log)).isZero();
      assertThat(Files.readString(log)).contains("Failed tests: No matches");
    } finally {
      harness.destroyForcibly();
    }
  }

  private void generate() throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, UTF_8)) {
      List<String> options = List.of(
          "-processor",
          "org.openjdk.jcstress.infra.processors.JCStressTestProcessor",
          "-nowarn",
          "-cp",
          System.getProperty("java.class.path"),
          "-d",
          directory.toString());
      boolean done = compiler
          .getTask(messages, files, null, options, null, files.getJavaFileObjectsFromPaths(SOURCES))
          .call();
      assertThat(done).as("%s", messages).isTrue();
    }
  }
}
