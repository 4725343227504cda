package dev.limpet.examples.gateway.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A gateway in a separate process, with this process's JDK and class path. */
public final class GatewayProcess implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String MAIN = "dev.limpet.examples.gateway.Main";

  private final String name;
  private final Process process;
  private final List<String> heard = new CopyOnWriteArrayList<>();

  private GatewayProcess(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /**
   * Starts a gateway; it may not listen yet.
   *
   * @param name its name in messages
   * @param yaml its configuration
   * @param options options of its JVM, such as {@code -Xmx96m}
   * @throws IOException if the process cannot be started
   */
  public static GatewayProcess start(String name, Path yaml, List<String> options)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN, yaml.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    GatewayProcess gateway = new GatewayProcess(name, process);
    Thread listener = new Thread(gateway::listen, name);
    listener.setDaemon(true);
    listener.start();
    return gateway;
  }

  /** Returns its name. */
  public String name() {
    return name;
  }

  /** Returns its process id. */
  public long pid() {
    return process.pid();
  }

  /** Returns the port of one of its listeners. */
  public int port(String listener) {
    String start = " " + listener + " 127.0.0.1:";
    for (String line : heard) {
      int at = line.startsWith("listening ") ? line.indexOf(start) : -1;
      if (at >= 0) {
        return Integer.parseInt(line.substring(at + start.length()));
      }
    }
    throw new IllegalStateException(name + ": does not listen for " + listener);
  }

  /** Returns the number of lines it has printed that contain these words. */
  public long said(String words) {
    return heard.stream().filter(line -> line.contains(words)).count();
  }

  /**
   * Waits until it has printed these words.
   *
   * @param times how often
   * @throws IOException if it ends before, or does not print them in time
   */
  public void await(String words, long times) throws IOException, InterruptedException {
    boolean said = Deadline.in(LIMIT).await(() -> said(words) >= times || !process.isAlive());
    if (!said || said(words) < times) {
      throw new IOException(name + ": did not print \"" + words + "\", but " + heard);
    }
  }

  /** Kills it as {@code kill -9} does. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Does the same as {@link #kill}, without waiting. */
  @Override
  public void close() {
    process.destroyForcibly();
  }

  private void listen() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      lines.lines().forEach(heard::add);
    } catch (IOException | UncheckedIOException e) {
      heard.add(String.valueOf(e.getMessage())); // it was killed
    }
  }
}
