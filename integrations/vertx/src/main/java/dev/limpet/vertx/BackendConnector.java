package dev.limpet.vertx;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Backend;
import dev.limpet.core.FaultException;
import dev.limpet.core.Pool;
import dev.limpet.vertx.internal.backend.BackendClient;
import dev.limpet.vertx.internal.backend.BackendCounts;
import dev.limpet.vertx.internal.net.BackendAddresses;
import dev.limpet.vertx.internal.net.Network;
import dev.limpet.vertx.internal.net.TlsContexts;
import dev.limpet.vertx.internal.net.Waits;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reaches backends. The proxies and health checks of a process share one, so that all of them use
 * the same address of a backend, and proxies of one pool use each other's idle connections.
 *
 * <p>A backend stands for one machine. If its name has several addresses, the one that answers is
 * used until it fails, and then another one that answers; sessions are never spread over the
 * addresses of a name. An IP address is never looked up.
 *
 * <p>Safe for use by many threads at once.
 */
public final class BackendConnector {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

  private final Network network;
  private final int connectMillis;
  private final Map<Pool, BackendClient> clients = Collections.synchronizedMap(new WeakHashMap<>());

  private BackendConnector(Builder builder) {
    this.connectMillis = (int) builder.connectTimeout.toMillis();
    this.network = new Network(
        builder.vertx,
        new BackendAddresses(builder.names, builder.lookups(), builder.connectTimeout, builder.log),
        new TlsContexts());
  }

  /**
   * {@return a connector with default settings}
   *
   * @param vertx the Vert.x of the proxies
   */
  public static BackendConnector of(Vertx vertx) {
    return builder(vertx).build();
  }

  /**
   * {@return a builder of a connector}
   *
   * @param vertx the Vert.x of the proxies
   */
  public static Builder builder(Vertx vertx) {
    return new Builder(vertx);
  }

  /**
   * Reads the authorities of https backends, which takes too long for an event loop. Without this
   * call, the first connect to such a backend does so. Call it for each change of a pool.
   *
   * @param backends the backends, of any scheme
   * @throws IllegalStateException if an authority is not usable by the JVM
   */
  public void prepare(Collection<Backend> backends) {
    network.tls().prepare(backends);
  }

  /**
   * {@return how many connections of {@link StickyHttpProxy} were closed because of bytes that did
   * not belong to a response}
   *
   * @param pool the proxies' pool
   */
  public long surpluses(Pool pool) {
    return client(pool).counts().surpluses();
  }

  /**
   * {@return how many requests of {@link StickyHttpProxy} had no response in time}
   *
   * @param pool the proxies' pool
   */
  public long timeouts(Pool pool) {
    return client(pool).counts().timeouts();
  }

  Network network() {
    return network;
  }

  int connectMillis() {
    return connectMillis;
  }

  BackendClient client(Pool pool) {
    return clients.computeIfAbsent(pool, its -> new BackendClient(network, new BackendCounts()));
  }

  /** Looks up names. */
  @FunctionalInterface
  public interface Names {
    /**
     * Returns all addresses of a name, in the order in which to try them. May block.
     *
     * @param name the host of a backend
     * @return one or more addresses
     * @throws UnknownHostException if the name has no address
     */
    InetAddress[] addresses(String name) throws UnknownHostException;
  }

  /** Settings of a {@link BackendConnector}. Not for use by several threads at once. */
  public static final class Builder {
    private final Vertx vertx;
    private Duration connectTimeout = CONNECT_TIMEOUT;
    private Names names = InetAddress::getAllByName;
    private @Nullable Executor lookups;
    private Consumer<String> log = line -> {};

    private Builder(Vertx vertx) {
      this.vertx = requireNonNull(vertx, "vertx");
    }

    /**
     * Sets how long a connect to one address of a backend may take, with TLS also the handshake,
     * and how long a connect waits for the lookup of a name. Default 2 s.
     *
     * @param timeout from a millisecond to 24 days
     * @return this builder
     * @throws FaultException if the timeout is out of range
     */
    public Builder connectTimeout(Duration timeout) {
      int unused = Waits.millis("connectTimeout", timeout);
      this.connectTimeout = timeout;
      return this;
    }

    /**
     * Sets how names are looked up. Default {@link InetAddress#getAllByName}.
     *
     * @param names looks up a name; called by the executor of lookups
     * @return this builder
     */
    public Builder names(Names names) {
      this.names = requireNonNull(names, "names");
      return this;
    }

    /**
     * Sets what runs lookups. Default the worker threads of Vert.x. A name has at most one lookup
     * at a time, but a lookup that hangs takes its thread, so use an executor of its own if a name
     * server may hang.
     *
     * @param executor runs tasks that block
     * @return this builder
     */
    public Builder lookups(Executor executor) {
      this.lookups = requireNonNull(executor, "executor");
      return this;
    }

    /**
     * Sets what receives a line for each name that has several addresses. Default nothing.
     *
     * @param log called by any thread
     * @return this builder
     */
    public Builder log(Consumer<String> log) {
      this.log = requireNonNull(log, "log");
      return this;
    }

    /** {@return the connector} */
    public BackendConnector build() {
      return new BackendConnector(this);
    }

    private Executor lookups() {
      return (lookups != null) ? lookups : this::onWorker;
    }

    private void onWorker(Runnable lookup) {
      var unused = vertx.executeBlocking(
          () -> {
            lookup.run();
            return null;
          },
          false);
    }
  }
}
