package dev.limpet.examples.fleet;

import dev.limpet.examples.gateway.demo.Deadline;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;

/** A Redis on a free port of 127.0.0.1 that writes nothing to disk. For one thread at a time. */
final class RedisProcess implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final File server;
  private final int port;
  private @Nullable Process process;

  private RedisProcess(File server, int port) {
    this.server = server;
    this.port = port;
  }

  /**
   * Starts a Redis.
   *
   * @param server the program; null for the one of embedded-redis
   * @throws IOException if it cannot be started
   */
  static RedisProcess start(@Nullable File server) throws IOException, InterruptedException {
    File program =
        (server == null) ? ExecutableProvider.newJarResourceProvider().get() : server;
    RedisProcess redis = new RedisProcess(program, freePort());
    redis.start();
    return redis;
  }

  int port() {
    return port;
  }

  /** Starts it without data. */
  void start() throws IOException, InterruptedException {
    Process started = run();
    process = started;
    boolean listens = Deadline.in(LIMIT).await(() -> !started.isAlive() || listens());
    if (!listens || !started.isAlive()) {
      started.destroyForcibly();
      throw fault(null);
    }
  }

  private Process run() throws IOException {
    try {
      return new ProcessBuilder(
              server.getPath(), "--port", "" + port, "--bind", "127.0.0.1", "--save", "")
          .redirectOutput(Redirect.DISCARD)
          .redirectError(Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw fault(e);
    }
  }

  private IOException fault(@Nullable IOException cause) {
    return new IOException(
        "redis: " + server + " cannot be started (expected: another one with --redis-server)",
        cause);
  }

  /** Kills it as {@code kill -9} does. */
  void kill() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  /** Does the same as {@link #kill}, without waiting. */
  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
