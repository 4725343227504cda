package dev.limpet.examples.gateway.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The files of the console, from the class path. The file {@code files.txt} names them, one in a
 * line; nothing else is served.
 */
final class ConsoleFiles {
  private static final String LIST = "files.txt";
  private static final String INDEX = "index.html";
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+([./][A-Za-z0-9_-]+)*");
  private static final Map<String, String> TYPES = Map.of(
      "html", "text/html; charset=utf-8",
      "css", "text/css; charset=utf-8",
      "js", "text/javascript; charset=utf-8",
      "mjs", "text/javascript; charset=utf-8",
      "json", "application/json",
      "svg", "image/svg+xml",
      "md", "text/plain; charset=utf-8",
      "txt", "text/plain; charset=utf-8");

  private final String folder;

  private ConsoleFiles(String folder) {
    this.folder = folder;
  }

  /**
   * Returns the pages of all files by their paths; the first page is served at {@code /}, too.
   *
   * @param folder the folder on the class path
   * @throws IOException if a file is missing, which the message names
   */
  static Map<String, AdminPage> load(String folder) throws IOException {
    ConsoleFiles files = new ConsoleFiles(folder);
    Map<String, AdminPage> pages = new LinkedHashMap<>();
    for (String name : files.names()) {
      pages.put("/console/" + name, files.file(name));
    }
    pages.put("/", files.file(INDEX));
    return pages;
  }

  private List<String> names() throws IOException {
    return new String(bytes(LIST), UTF_8)
        .lines()
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private ConsoleFile file(String name) throws IOException {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (type == null || !NAME.matcher(name).matches()) {
      throw new IOException("console: " + name + " in " + folder + '/' + LIST
          + " (expected: a file name of " + TYPES.keySet().stream().sorted().toList() + ')');
    }
    return ConsoleFile.of(type, bytes(name));
  }

  private byte[] bytes(String name) throws IOException {
    String path = folder + '/' + name;
    try (InputStream in = ConsoleFiles.class.getClassLoader().getResourceAsStream(path)) {
      if (in == null) {
        throw new FileNotFoundException("console: " + path + " absent (expected: in the jar)");
      }
      return in.readAllBytes();
    }
  }
}
