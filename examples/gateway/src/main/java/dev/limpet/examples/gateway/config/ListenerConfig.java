package dev.limpet.examples.gateway.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A socket that clients connect to.
 *
 * @param name a name that no other listener has
 * @param protocol the protocol of its clients
 * @param host the name or address to bind; an IPv6 address without brackets
 * @param port 0..65535; 0 for any free port
 * @param pool the name of the pool that it routes to
 * @param tls the certificate and its key; null for plain text
 * @param proxyProtocol the senders that must begin with a PROXY protocol header; all other senders
 *     are closed; empty if no header is read
 * @param trustedProxies the peers whose X-Forwarded-For and similar fields are believed; may be
 *     empty
 * @param clientTimeout how long an HTTP client may have no request under way
 * @param stickySession in profile classic, null if not sticky; in the others always null: see
 *     {@link GatewayConfig#stickySession}
 */
public record ListenerConfig(
    String name,
    Protocol protocol,
    String host,
    int port,
    String pool,
    @Nullable TlsConfig tls,
    List<Cidr> proxyProtocol,
    List<Cidr> trustedProxies,
    Duration clientTimeout,
    @Nullable StickyConfig stickySession) {

  /** Makes a listener. */
  public ListenerConfig {
    proxyProtocol = List.copyOf(proxyProtocol);
    trustedProxies = List.copyOf(trustedProxies);
  }
}
