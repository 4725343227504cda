package dev.limpet.examples.gateway.admin;

import dev.limpet.examples.gateway.config.AdminConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * The port for operators. It has an event loop of its own, so that it serves while the gateway is
 * busy, and while it stops.
 */
public final class AdminServer implements AutoCloseable {
  private static final int IDLE_SECONDS = 60;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final int port;

  private AdminServer(Vertx vertx, int port) {
    this.vertx = vertx;
    this.port = port;
  }

  /**
   * Starts to listen.
   *
   * @param metrics is served at /metrics
   * @throws IOException if it cannot listen; nothing is left running
   */
  public static AdminServer start(AdminConfig config, MetricsPage metrics) throws IOException {
    Vertx vertx = Vertx.vertx(new VertxOptions()
        .setEventLoopPoolSize(1)
        .setWorkerPoolSize(1)
        .setInternalBlockingPoolSize(1)
        .setFileSystemOptions(new FileSystemOptions()
            .setClassPathResolvingEnabled(false)
            .setFileCachingEnabled(false)));
    AdminPages pages =
        new AdminPages(vertx, new AdminGuard(config.token()), Map.of("/metrics", metrics));
    HttpServerOptions options = new HttpServerOptions()
        .setHost(config.host())
        .setPort(config.port())
        .setIdleTimeout(IDLE_SECONDS);
    Future<HttpServer> listening =
        vertx.createHttpServer(options).requestHandler(pages::serve).listen();
    try {
      return new AdminServer(vertx, await(listening).actualPort());
    } catch (CompletionException e) {
      Future<Void> unused = vertx.close();
      throw new IOException(
          "admin: cannot listen at " + config.host() + ':' + config.port() + " (" + reason(e) + ")",
          e);
    }
  }

  /** Returns the port that it listens at. */
  public int port() {
    return port;
  }

  /** Closes the port and its connections. Blocks; not for event loops. */
  @Override
  public void close() {
    vertx
        .close()
        .toCompletionStage()
        .toCompletableFuture()
        .completeOnTimeout(null, CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private static String reason(CompletionException e) {
    Throwable cause = (e.getCause() == null) ? e : e.getCause();
    String message = cause.getMessage();
    return (message == null) ? cause.getClass().getSimpleName() : message;
  }
}
