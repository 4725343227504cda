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
 * The event loops and everything else that all listeners share.
 *
 * @param vertx the event loops
 * @param transport the transport of the listeners
 * @param clients the clients of the listeners
 * @param clock the clock of sessions, which an event loop advances
 * @param addresses the addresses of the backends
 * @param tls the contexts of TLS toward backends
 * @param connectTimeout how long a connect to an address of a backend may take
 * @param unexpected receives each exception that nothing handled
 */
public record Engine(
    Vertx vertx,
    GatewayTransport transport,
    Clients clients,
    CoarseClock clock,
    BackendAddresses addresses,
    TlsContexts tls,
    Duration connectTimeout,
    Consumer<Throwable> unexpected) {
  private static final Duration CLOCK_RESOLUTION = Duration.ofMillis(100);

  /**
   * Starts the event loops.
   *
   * @param connectTimeout how long a connect to an address of a backend may take
   * @param addresses the addresses of the backends
   * @param complaints receives a line for each exception that nothing handled, except if a peer
   *     closed or reset its connection
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
    return new Engine(
        vertx, transport, clients, clock, addresses, new TlsContexts(), connectTimeout, unexpected);
  }

  /**
   * Starts a server on each event loop. The servers share a port: the given one or, if that is
   * negative, a free one for all servers with the same negative number.
   *
   * @param endpoint the address on which they listen
   * @param server starts one server on the event loop on which it is called, and completes with the
   *     port
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
   * Closes all listeners and idle connections, lets requests under way end within the timeout, and
   * then closes the rest. Blocks; not for event loops.
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
