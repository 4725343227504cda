package dev.limpet.spring.gateway;

import dev.limpet.shared.Wait;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/** A Redis on loopback: the one in the PATH, else the one that embedded-redis brings. */
final class RedisProcess implements AutoCloseable {
  private final int port;
  private final Path dir;
  private final Process process;

  private RedisProcess(int port) throws IOException {
    this.port = port;
    this.dir = Files.createTempDirectory("limpet-redis");
    this.process = new ProcessBuilder(
            executable(), "--port", "" + port, "--bind", "127.0.0.1", "--save", "")
        .directory(dir.toFile())
        .redirectErrorStream(true)
        .redirectOutput(dir.resolve("log").toFile())
        .start();
  }

  static RedisProcess running() throws Exception {
    RedisProcess redis = new RedisProcess(freePort());
    Wait.until(redis::answers);
    return redis;
  }

  int port() {
    return port;
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    try (Stream<Path> files = Files.walk(dir)) {
      files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
    }
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

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String executable() throws IOException {
    for (String folder : List.of(System.getenv("PATH").split(File.pathSeparator, -1))) {
      File server = new File(folder, "redis-server");
      if (server.canExecute()) {
        return server.getPath();
      }
    }
    return ExecutableProvider.newJarResourceProvider().get().getPath();
  }
}
