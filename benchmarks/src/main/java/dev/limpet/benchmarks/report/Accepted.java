package dev.limpet.benchmarks.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The numbers that checks compare with, as {@code last.json} has them.
 *
 * @param processor the processor on which they were measured
 * @param jdk the version of the JDK
 * @param ratios the numbers by the names of their targets
 */
record Accepted(String processor, String jdk, Map<String, Double> ratios) {
  private static final ObjectMapper JSON = new ObjectMapper()
      .enable(SerializationFeature.INDENT_OUTPUT)
      .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if the content is not as expected
   * @throws UncheckedIOException if the file cannot be read
   */
  static Accepted read(Path file) {
    try {
      return JSON.readValue(file.toFile(), Accepted.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          file + ": " + e.getOriginalMessage() + " (expected: processor, jdk and ratios as JSON)");
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": not readable (expected: check.sh --accept)", e);
    }
  }

  void write(Path file) {
    try {
      Files.writeString(file, JSON.writeValueAsString(this) + '\n');
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": not writable (expected: a file)", e);
    }
  }

  /**
   * Returns the number of a target.
   *
   * @throws IllegalArgumentException if there is none
   */
  double ratio(String name) {
    Double ratio = ratios.get(name);
    if (ratio == null) {
      throw new IllegalArgumentException(
          name + ": none (expected: a number, by check.sh --accept)");
    }
    return ratio;
  }
}
