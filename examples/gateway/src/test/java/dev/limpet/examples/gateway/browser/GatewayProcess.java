package dev.limpet.examples.gateway.browser;

import dev.limpet.examples.gateway.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gateway in a process of its own, as an operator starts it. */
final class GatewayProcess implements AutoCloseable {
  private static final String ADMIN = "admin";
  private static final Pattern LISTENING =
      Pattern.compile("listening (?:http |tcp )?(\\S+) \\S+:(\\d+)");

  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> ports = new ConcurrentHashMap<>();

  private GatewayProcess(List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx128m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName()));
    command.addAll(arguments);
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Thread reader = new Thread(this::read, "lines of the gateway");
    reader.setDaemon(true);
    reader.start();
    try {
      Eventually.holds("listening admin", this::listens);
    } catch (Exception | AssertionError e) {
      close();
      throw e;
    }
  }

  /**
   * Starts what a configuration says. The text is written to config.yaml of the folder.
   *
   * @param options of the command line
   */
  static GatewayProcess of(Path folder, String yaml, String... options) throws Exception {
    Path file = Files.writeString(folder.resolve("config.yaml"), yaml);
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.add(file.toString());
    return new GatewayProcess(arguments);
  }

  /** Starts the demonstration. */
  static GatewayProcess demonstration() throws Exception {
    return new GatewayProcess(List.of());
  }

  /** Returns the port of a listener. */
  int port(String listener) {
    Integer port = ports.get(listener);
    if (port == null) {
      throw new IllegalArgumentException("listener: " + listener + " (expected: of " + ports + ")");
    }
    return port;
  }

  /** Returns where the console is. */
  String console() {
    return "http://127.0.0.1:" + port(ADMIN) + '/';
  }

  /** Returns what it has printed so far. */
  List<String> lines() {
    return lines;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private boolean listens() throws IOException {
    if (!process.isAlive()) {
      throw new IOException("the gateway has ended: " + lines);
    }
    return ports.containsKey(ADMIN);
  }

  private void read() {
    try (BufferedReader said = process.inputReader()) {
      for (String line = said.readLine(); line != null; line = said.readLine()) {
        Matcher listening = LISTENING.matcher(line);
        if (listening.find()) {
          ports.put(listening.group(1), Integer.valueOf(listening.group(2)));
        }
        lines.add(line);
      }
    } catch (IOException ended) {
      lines.add(ended.toString());
    }
  }
}
