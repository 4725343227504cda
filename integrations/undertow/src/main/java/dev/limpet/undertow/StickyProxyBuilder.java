package dev.limpet.undertow;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Member;
import dev.limpet.l7.HttpRouter;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.proxy.ProxyClient;
import io.undertow.server.handlers.proxy.ProxyHandler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.xnio.ssl.XnioSsl;

/** Builds a proxy. Not for use by several threads at once. */
public final class StickyProxyBuilder {
  private static final Duration LONGEST = Duration.ofDays(1);

  final HttpRouter<HttpServerExchange, HttpServerExchange> router;
  Duration connectTimeout = Duration.ofSeconds(2);
  Duration idleTimeout = Duration.ofSeconds(30);
  int connectionsPerThread = 1000;

  @Nullable
  XnioSsl ssl;

  StickyProxyBuilder(HttpRouter<HttpServerExchange, HttpServerExchange> router) {
    this.router = requireNonNull(router, "router");
  }

  /**
   * Sets the time after which a backend that neither accepts nor refuses a connection is left for
   * another one. Undertow itself has no such limit. Default 2 seconds.
   *
   * @param timeout the time, 1 ms..1 day
   * @return this builder
   * @throws IllegalArgumentException if the time is out of range
   */
  public StickyProxyBuilder connectTimeout(Duration timeout) {
    this.connectTimeout = checked("connectTimeout", timeout);
    return this;
  }

  /**
   * Sets the time after which an unused connection is closed. It should be shorter than that of the
   * backends: a request meets an error if its connection is closed at the same moment, and only
   * idempotent requests without a body are then sent again. Default 30 seconds.
   *
   * @param timeout the time, 1 ms..1 day
   * @return this builder
   * @throws IllegalArgumentException if the time is out of range
   */
  public StickyProxyBuilder idleTimeout(Duration timeout) {
    this.idleTimeout = checked("idleTimeout", timeout);
    return this;
  }

  /**
   * Sets the maximum number of connections to each backend, used and unused, for each I/O thread of
   * the server. A request beyond it goes to another backend, as after a failed connect. To limit
   * the connections of a backend for the whole proxy, and to serve its sessions as the failover
   * says, use {@link dev.limpet.core.Backend#withMaxConnections} instead. Default 1000.
   *
   * @param connections 1 or more
   * @return this builder
   * @throws IllegalArgumentException if the number is less than 1
   */
  public StickyProxyBuilder connectionsPerThread(int connections) {
    if (connections < 1) {
      throw new IllegalArgumentException(
          "connectionsPerThread: " + connections + " (expected: 1 or more)");
    }
    this.connectionsPerThread = connections;
    return this;
  }

  /**
   * Sets the TLS for backends of the scheme {@code https}. Their certificates must be valid for
   * their host. Default: none, so no backend may have this scheme.
   *
   * @param ssl such as {@code new UndertowXnioSsl(Xnio.getInstance(), OptionMap.EMPTY, sslContext)}
   * @return this builder
   */
  public StickyProxyBuilder ssl(XnioSsl ssl) {
    this.ssl = requireNonNull(ssl, "ssl");
    return this;
  }

  /**
   * {@return a client for a {@link ProxyHandler} with settings of its own, such as {@code
   * ProxyHandler.builder().setProxyClient(client).setMaxRequestTime(30_000).build()}}
   *
   * @throws IllegalArgumentException if a backend of the pool has a scheme other than {@code http},
   *     or {@code https} with {@link #ssl}, or a host that cannot stand in a URI
   */
  public ProxyClient client() {
    for (Member member : router.pool().snapshot().members()) {
      Origin.of(member.backend()).uri(ssl != null);
    }
    return new StickyProxyClient(this);
  }

  /**
   * {@return a proxy with these settings and the defaults of {@link ProxyHandler}}
   *
   * @throws IllegalArgumentException as {@link #client} does
   */
  public ProxyHandler handler() {
    return ProxyHandler.builder().setProxyClient(client()).build();
  }

  private static Duration checked(String name, Duration timeout) {
    if (timeout.compareTo(LONGEST) > 0 || timeout.toMillis() < 1) {
      throw new IllegalArgumentException(name + ": " + timeout + " (expected: PT0.001S..PT24H)");
    }
    return timeout;
  }
}
