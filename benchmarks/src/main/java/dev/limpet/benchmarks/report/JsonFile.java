package dev.limpet.benchmarks.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a JSON file that knows its position, so that messages can name it.
 *
 * @param file the file
 * @param where the path of the part, such as {@code [3].params}; "" for the whole file
 * @param node the part
 */
record JsonFile(Path file, String where, JsonNode node) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * Reads a file.
   *
   * @throws BadInput if the file does not exist, or is not JSON
   */
  static JsonFile read(Path file) {
    try {
      return new JsonFile(file, "", MAPPER.readTree(Files.readString(file)));
    } catch (JsonProcessingException e) {
      throw new BadInput(file, "line " + line(e) + " is not JSON", "results as JSON");
    } catch (IOException e) {
      throw new BadInput(file, "cannot be read", "a file with results as JSON");
    }
  }

  boolean isArray() {
    return node.isArray();
  }

  boolean has(String name) {
    return node.hasNonNull(name);
  }

  /** Returns the items of a list. */
  List<JsonFile> items() {
    if (!node.isArray()) {
      throw bad("a list");
    }
    List<JsonFile> items = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      items.add(new JsonFile(file, where + '[' + i + ']', node.get(i)));
    }
    return items;
  }

  /** Returns the part with a name, or a missing part that all other methods reject. */
  JsonFile at(String name) {
    return new JsonFile(file, where + '.' + name, node.path(name));
  }

  String text() {
    if (!node.isTextual()) {
      throw bad("a text");
    }
    return node.textValue();
  }

  double number() {
    if (!node.isNumber()) {
      throw bad("a number");
    }
    return node.doubleValue();
  }

  int count() {
    if (!node.canConvertToInt()) {
      throw bad("a whole number");
    }
    return node.intValue();
  }

  /** Returns a fault of this part. */
  BadInput bad(String expected) {
    String found = node.isMissingNode() ? "nothing" : node.toString();
    String shown = (found.length() > 60) ? found.substring(0, 60) + "…" : found;
    String place = where.isEmpty() ? "" : (where.startsWith(".") ? where.substring(1) : where);
    return new BadInput(file, (place + " is " + shown).strip(), expected);
  }

  private static int line(JsonProcessingException e) {
    return (e.getLocation() == null) ? 1 : e.getLocation().getLineNr();
  }
}
