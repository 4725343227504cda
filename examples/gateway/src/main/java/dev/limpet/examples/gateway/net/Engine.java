package dev.limpet.examples.gateway.net;

import dev.limpet.core.CoarseClock;
import dev.limpet.core.NanoClock;
import dev.limpet.vertx.BackendConnector;
import dev.limpet.vertx.BackendConnector.Names;
import dev.limpet.vertx.ClientGuard;
import io.netty.channel.EventLoop;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The event loops and everything else that all listeners share.
 *
 * @param vertx the event loops
 * @param guard the connections of clients
 * @param clock the clock of sessions, which an event loop advances
 * @param connector reaches the backends
 */
public record Engine(
    Vertx vertx, ClientGuard guard, CoarseClock clock, BackendConnector connector) {
  private static final Duration CLOCK_RESOLUTION = Duration.ofMillis(100);

  /** Each name has a thread of its own, so a lookup that hangs does not delay other names. */
  private static final Executor LOOKUPS = Executors.newCachedThreadPool(work -> {
    Thread thread = new Thread(work, "lookup");
    thread.setDaemon(true);
    return thread;
  });

  /**
   * Starts the event loops.
   *
   * @param connectTimeout how long a connect to an address of a backend may take
   * @param names such as {@code InetAddress::getAllByName}
   * @param log receives a line for each name that has several addresses
   * @param complaints receives a line for each exception that nothing handled, except if a peer
   *     closed or reset its connection
   */
  public static Engine start(
      Duration connectTimeout, Names names, Consumer<String> log, Consumer<String> complaints) {
    ClientGuard guard = ClientGuard.over(Transport.NIO);
    Vertx vertx = Vertx.builder()
        .with(new VertxOptions()
            .setFileSystemOptions(new FileSystemOptions()
                .setClassPathResolvingEnabled(false)
                .setFileCachingEnabled(false)))
        .withTransport(guard.transport())
        .build();
    vertx.exceptionHandler(thrown -> {
      if (!(thrown instanceof IOException)) {
        complaints.accept("unexpected: " + thrown);
      }
    });
    EventLoop loop = ((ContextInternal) vertx.getOrCreateContext()).nettyEventLoop();
    CoarseClock clock = NanoClock.coarse(loop, CLOCK_RESOLUTION);
    BackendConnector connector = BackendConnector.builder(vertx)
        .connectTimeout(connectTimeout)
        .names(names)
        .lookups(LOOKUPS)
        .log(log)
        .build();
    return new Engine(vertx, guard, clock, connector);
  }

  /**
   * Starts a server on each event loop. The servers share a port: the given one or, if that is
   * negative, a free one for all servers with the same negative number.
   *
   * @param server starts one server on the event loop on which it is called, and completes with the
   *     port
   */
  public Future<Integer> listen(Supplier<Future<Integer>> server) {
    AtomicInteger port = new AtomicInteger();
    return vertx
        .deployVerticle(
            () -> (Deployable) context -> server.get().onSuccess(port::set),
            new DeploymentOptions().setInstances(VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE))
        .map(deployed -> port.get());
  }

  /**
   * Closes all listeners and idle connections, lets requests under way end within the timeout, and
   * then closes the rest. Blocks; not for event loops.
   */
  public void stop(Duration timeout) {
    guard.stop(timeout);
  }

  /** Closes everything that runs on the event loops. */
  public Future<Void> close() {
    clock.close();
    return vertx.close();
  }
}
