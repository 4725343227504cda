package dev.limpet.redis;

import dev.limpet.shared.Wait;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/**
 * A server on loopback: the one that {@code -Dredis.server} or REDIS_SERVER names, else one in the
 * PATH, else the one that embedded-redis brings.
 */
final class RedisProcess implements AutoCloseable {
  private static final File EXECUTABLE = executable();
  private static final int BUS = 10_000;

  private final int port;
  private final Path dir;
  private final List<String> settings;
  private Process process;

  private RedisProcess(int port, List<String> settings) throws IOException {
    this.port = port;
    this.dir = Files.createTempDirectory("limpet-redis");
    this.settings = settings;
  }

  static RedisProcess running(String... settings) throws Exception {
    return runningAt(freePort(), settings);
  }

  static RedisProcess runningAt(int port, String... settings) throws Exception {
    RedisProcess server = new RedisProcess(port, List.of(settings));
    server.start();
    return server;
  }

  /** Starts a Sentinel, which keeps its state in the file. */
  static RedisProcess sentinel(int port, String config) throws Exception {
    RedisProcess sentinel = new RedisProcess(port, List.of("--sentinel"));
    Files.writeString(sentinel.dir.resolve("sentinel.conf"), config);
    sentinel.start();
    return sentinel;
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /**
   * Starts a node of a cluster, which listens at a second port, 10,000 above its own. Both are
   * below those that the kernel gives to anybody.
   */
  static RedisProcess clusterNode(String... settings) throws Exception {
    int port = 10_000 + ThreadLocalRandom.current().nextInt(10_000);
    while (!isFree(port) || !isFree(port + BUS)) {
      port = 10_000 + ThreadLocalRandom.current().nextInt(10_000);
    }
    return runningAt(port, settings);
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  int port() {
    return port;
  }

  void start() throws Exception {
    process = new ProcessBuilder(command())
        .directory(dir.toFile())
        .redirectErrorStream(true)
        .redirectOutput(dir.resolve("log").toFile())
        .start();
    Wait.until(this::answers);
  }

  private List<String> command() {
    List<String> command = new ArrayList<>(List.of(EXECUTABLE.getPath()));
    if (Files.exists(dir.resolve("sentinel.conf"))) {
      command.add("sentinel.conf");
    }
    command.addAll(List.of("--port", "" + port, "--bind", "127.0.0.1", "--protected-mode", "no"));
    if (!settings.contains("--sentinel")) {
      command.addAll(List.of("--save", "", "--appendonly", "no"));
    }
    command.addAll(settings);
    return command;
  }

  private boolean answers() throws IOException {
    if (!process.isAlive()) {
      throw new IOException("the server ended: " + Files.readString(dir.resolve("log")));
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      return in.read() == '+';
    } catch (IOException e) {
      return false;
    }
  }

  /** Kills it, as a crash would. It can be started again, and has lost everything. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() throws IOException {
    kill();
    try (Stream<Path> files = Files.walk(dir)) {
      files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
    }
  }

  private static File executable() {
    return Stream.of(System.getProperty("redis.server"), System.getenv("REDIS_SERVER"))
        .filter(path -> path != null && !path.isEmpty())
        .map(File::new)
        .findFirst()
        .or(() -> inPath("redis-server"))
        .or(() -> inPath("valkey-server"))
        .orElseGet(RedisProcess::embedded);
  }

  private static Optional<File> inPath(String name) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .map(dir -> new File(dir, name))
        .filter(File::canExecute)
        .findFirst();
  }

  private static File embedded() {
    try {
      return ExecutableProvider.newJarResourceProvider().get();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
