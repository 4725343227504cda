package dev.limpet.benchmarks.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.limpet.benchmarks.report.Results.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds a file with results. */
final class Written {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String JAR = "-cp benchmarks/target/benchmarks.jar ";

  private final Map<String, Object> whole = new LinkedHashMap<>();
  private final List<Map<String, Object>> rows = new ArrayList<>();

  /**
   * Begins a file.
   *
   * @param options the JVM's options, each followed by a space
   * @param program the program that measures
   * @param args its arguments: the file, of which only the name is kept, and others
   */
  Written(Kind kind, String options, Class<?> program, String... args) {
    whole.put("report", kind.toString());
    whole.put("command", "java " + options + JAR + program.getName() + ' ' + shown(args));
    whole.put("jdk", Runtime.version().toString());
    whole.put("rows", rows);
  }

  private static String shown(String... args) {
    List<String> shown = new ArrayList<>(List.of(args));
    shown.set(0, String.valueOf(Path.of(args[0]).getFileName()));
    return String.join(" ", shown);
  }

  void add(Map<String, Object> row) {
    rows.add(row);
  }

  void to(Path file) {
    try {
      Files.writeString(
          file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(whole) + '\n');
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be written (expected: a file)", e);
    }
  }
}
