package dev.limpet.examples.gateway.admin;

import dev.limpet.examples.gateway.config.AdminConfig;
import dev.limpet.examples.gateway.net.Listening;
import dev.limpet.examples.gateway.operate.Operations;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The port for operators: the console, its API and the metrics. It has an event loop of its own, so
 * that it serves while the gateway is busy, and while it stops.
 */
public final class AdminServer implements AutoCloseable {
  private static final int IDLE_SECONDS = 60;
  private static final int WORKERS = 2;
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final FigureStreams streams;
  private final int port;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private AdminServer(Vertx vertx, FigureStreams streams, int port) {
    this.vertx = vertx;
    this.streams = streams;
    this.port = port;
  }

  /**
   * Starts to listen.
   *
   * @param metrics is served at /metrics
   * @param operations what operators see and change
   * @param complaints receives a line for each exception that should not occur
   * @throws IOException if it cannot listen, or a file of the console is missing; nothing is left
   *     running
   */
  public static AdminServer start(
      AdminConfig config, MetricsPage metrics, Operations operations, Consumer<String> complaints)
      throws IOException {
    return start(config, metrics, operations, Setup.standard(complaints));
  }

  static AdminServer start(
      AdminConfig config, AdminPage metrics, Operations operations, Setup setup)
      throws IOException {
    SessionCounts counts = new SessionCounts(setup.time().nanos());
    FiguresView figures = new FiguresView(operations, counts, setup.time());
    FigureStreams streams = new FigureStreams(figures::sample, setup.sampleInterval());
    StateView state = new StateView(operations, counts, setup.time());
    Map<String, AdminPage> pages = new LinkedHashMap<>();
    pages.put("/metrics", metrics);
    pages.putAll(Api.pages(operations, setup, state, figures, streams));
    pages.putAll(ConsoleFiles.load(setup.console()));
    return listen(config, pages, streams, setup);
  }

  private static AdminServer listen(
      AdminConfig config, Map<String, AdminPage> pages, FigureStreams streams, Setup setup)
      throws IOException {
    Vertx vertx = Vertx.vertx(new VertxOptions()
        .setEventLoopPoolSize(1)
        .setWorkerPoolSize(WORKERS)
        .setInternalBlockingPoolSize(1)
        .setFileSystemOptions(new FileSystemOptions()
            .setClassPathResolvingEnabled(false)
            .setFileCachingEnabled(false)));
    Complaints.say(vertx, setup.complaints());
    AdminGuard guard = new AdminGuard(config.token(), setup.time().nanos());
    AdminPages served = new AdminPages(vertx, guard, pages);
    Connections connections = new Connections(setup.time().nanos());
    connections.watch(vertx, setup.sampleInterval());
    HttpServerOptions options = new HttpServerOptions()
        .setHost(config.host())
        .setPort(config.port())
        .setHttp2ClearTextEnabled(false)
        .setHandle100ContinueAutomatically(true)
        .setIdleTimeout(IDLE_SECONDS);
    Future<HttpServer> listening = vertx
        .createHttpServer(options)
        .connectionHandler(connections::add)
        .requestHandler(request -> {
          connections.serve(request);
          served.serve(request);
        })
        .listen();
    try {
      HttpServer server = Listening.await(listening, "admin", config.host(), config.port());
      return new AdminServer(vertx, streams, server.actualPort());
    } catch (IOException e) {
      Future<Void> unused = vertx.close();
      throw e;
    }
  }

  /** Returns the port that it listens at. */
  public int port() {
    return port;
  }

  /** Ends the streams, and closes the port and its connections. Blocks; not for event loops. */
  @Override
  public void close() {
    if (isClosed.getAndSet(true)) {
      return;
    }
    endStreams()
        .compose(ended -> vertx.close())
        .toCompletionStage()
        .toCompletableFuture()
        .completeOnTimeout(null, CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  private Future<Void> endStreams() {
    Promise<Void> ended = Promise.promise();
    vertx.runOnContext(loop -> {
      Future<Void> unused = streams.close(vertx).onComplete(ended);
    });
    return ended.future();
  }
}
