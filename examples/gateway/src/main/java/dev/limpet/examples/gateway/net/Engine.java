package dev.limpet.examples.gateway.net;

import dev.limpet.core.CoarseClock;
import dev.limpet.core.NanoClock;
import io.netty.channel.EventLoop;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What all listeners share.
 *
 * @param vertx the event loops
 * @param transport under the listeners
 * @param clients of the listeners
 * @param clock of sessions, which an event loop advances
 * @param addresses of the backends
 * @param connectTimeout how long a connect to an address of a backend may take
 * @param unexpected takes each exception that nothing handled
 */
public record Engine(
    Vertx vertx,
    GatewayTransport transport,
    Clients clients,
    CoarseClock clock,
    BackendAddresses addresses,
    Duration connectTimeout,
    Consumer<Throwable> unexpected) {
  private static final Duration CLOCK_RESOLUTION = Duration.ofMillis(100);

  /**
   * Starts the event loops.
   *
   * @param connectTimeout how long a connect to an address of a backend may take
   * @param addresses of the backends
   * @param complaints takes a line for each exception that nothing handled; connections that their
   *     peers close or reset are none
   */
  public static Engine start(
      Duration connectTimeout, BackendAddresses addresses, Consumer<String> complaints) {
    Clients clients = new Clients();
    GatewayTransport transport = new GatewayTransport(clients);
    Vertx vertx = Vertx.builder()
        .with(new VertxOptions()
            .setFileSystemOptions(new FileSystemOptions()
                .setClassPathResolvingEnabled(false)
                .setFileCachingEnabled(false)))
        .withTransport(transport)
        .build();
    Consumer<Throwable> unexpected = thrown -> {
      if (!(thrown instanceof IOException)) {
        complaints.accept("unexpected: " + thrown);
      }
    };
    vertx.exceptionHandler(unexpected::accept);
    EventLoop loop = ((ContextInternal) vertx.getOrCreateContext()).nettyEventLoop();
    CoarseClock clock = NanoClock.coarse(loop, CLOCK_RESOLUTION);
    return new Engine(vertx, transport, clients, clock, addresses, connectTimeout, unexpected);
  }

  /**
   * Starts a server on each event loop, which share the port that it is told to listen at: one of
   * its own or, if that is negative, a free one for all servers of this number.
   *
   * @param endpoint where they are told to listen
   * @param server starts one on the event loop that it is called on, and completes with the port
   */
  public Future<Integer> listen(Endpoint endpoint, Supplier<Future<Integer>> server) {
    transport.expect(endpoint);
    AtomicInteger port = new AtomicInteger();
    return vertx
        .deployVerticle(
            () -> (Deployable) context -> server.get().onSuccess(port::set),
            new DeploymentOptions().setInstances(VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE))
        .map(deployed -> port.get());
  }

  /**
   * Closes all listeners and what is idle, lets what is under way end within a time, and closes the
   * rest. Blocks; not for event loops.
   */
  public void stop(Duration timeout) {
    clients.stop(timeout);
  }

  /** Closes everything that runs on the event loops. */
  public Future<Void> close() {
    clock.close();
    return vertx.close();
  }
}
