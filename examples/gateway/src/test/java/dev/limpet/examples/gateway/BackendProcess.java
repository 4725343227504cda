package dev.limpet.examples.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A backend in a process of its own. Answers each request with its id and with how many bytes of
 * cookies it was sent, and begins a session in the cookie SID unless the request is of one.
 */
final class BackendProcess implements AutoCloseable {
  static final String COOKIE_BYTES = "cookie-bytes";

  private static final String HOST = "127.0.0.1";
  private static final int MAX_HEADER_BYTES = 256 * 1024;

  private final String id;
  private final AtomicInteger phase = new AtomicInteger();
  private final int port;
  private volatile Process process;

  private BackendProcess(String id) throws IOException {
    this.id = id;
    this.port = run(0);
  }

  static BackendProcess start(String id) throws IOException {
    return new BackendProcess(id);
  }

  String id() {
    return id;
  }

  /** An even number while it serves, and an odd one while it is killed, dead or started. */
  int phase() {
    return phase.get();
  }

  /** How often it was killed. */
  int deaths() {
    return (phase() + 1) / 2;
  }

  /** Whether it has served all the time since it was in a phase. */
  boolean servedSince(int then) {
    return then % 2 == 0 && phase() == then;
  }

  /** The backend as an entry of a pool in the configuration. */
  String entry() {
    return "{id: " + id + ", address: \"" + HOST + ':' + port + "\"}";
  }

  /** Kills it as {@code kill -9} does. */
  void kill() throws InterruptedException {
    phase.incrementAndGet();
    process.destroyForcibly().waitFor();
  }

  /** Starts it again, on the same port. */
  void restart() throws IOException {
    run(port);
    phase.incrementAndGet();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Returns where it listens. */
  private int run(int at) throws IOException {
    process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            BackendProcess.class.getName(),
            id,
            Integer.toString(at))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    return Integer.parseInt(process.inputReader().readLine());
  }

  /** Runs the backend of an id at a port, and prints where it listens. */
  public static void main(String[] args) {
    HttpServerOptions options = new HttpServerOptions()
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setHost(HOST)
        .setPort(Integer.parseInt(args[1]));
    int listening = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1))
        .createHttpServer(options)
        .requestHandler(request -> answer(args[0], request))
        .listen()
        .await()
        .actualPort();
    System.out.println(listening);
  }

  private static void answer(String id, HttpServerRequest request) {
    String cookies = String.join("; ", request.headers().getAll("cookie"));
    if (!cookies.contains("SID=")) {
      request.response().putHeader("set-cookie", "SID=" + UUID.randomUUID());
    }
    request
        .response()
        .putHeader(COOKIE_BYTES, Integer.toString(cookies.length()))
        .end(id);
  }
}
