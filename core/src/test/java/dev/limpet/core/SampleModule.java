package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Compiles a small module, whose public API is of interest. */
final class SampleModule {
  static final String DECLARATION =
      "module sample { requires static org.jspecify; exports sample; }";

  private SampleModule() {}

  /** Returns the sources of a module whose only package has one public type A. */
  static Map<String, String> ofType(String type) {
    return Map.of("module-info", DECLARATION, "sample/A", source(type));
  }

  /** Returns the source of a type in the package of the sample. */
  static String source(String type) {
    return "package sample; import java.io.*; import java.util.*;"
        + " import org.jspecify.annotations.*; "
        + type;
  }

  /**
   * Returns the directory of a module's classes.
   *
   * @param folder where to make the directory
   * @param sources by their paths without the extension
   */
  static Path compile(Path folder, Map<String, String> sources) throws IOException {
    Path module = Files.createTempDirectory(folder, "module");
    String annotations = ApiVisibility.location(Nullable.class).toString();
    List<String> arguments = new ArrayList<>(List.of(
        "--release", "17", "-proc:none", "-nowarn", "-p", annotations, "-d", module.toString()));
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = module.resolve(source.getKey() + ".java");
      Files.createDirectories(file.getParent());
      arguments.add(Files.writeString(file, source.getValue()).toString());
    }
    compile(arguments);
    return module;
  }

  private static void compile(List<String> arguments) {
    StringWriter messages = new StringWriter();
    PrintWriter out = new PrintWriter(messages);
    ToolProvider javac = ToolProvider.findFirst("javac").orElseThrow();
    int result = javac.run(out, out, arguments.toArray(String[]::new));
    assertThat(result).as(messages.toString()).isZero();
  }
}
