package dev.limpet.benchmarks;

import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.ServerConnection;
import io.undertow.server.handlers.proxy.LoadBalancingProxyClient;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.xnio.Options;

/**
 * Undertow: the route that a backend has appended to the value of its session cookie. An exchange
 * caches its parsed cookies, so each decision needs a new exchange, whose construction is part of
 * the cost.
 */
final class UndertowPeer extends ListPeer {
  private static final String SCHEME = "http://";

  private final ProxyClient client = new ProxyClient();
  private final ServerConnection connection = connection();
  private final List<String> hosts = new ArrayList<>();
  private final String[] ids;
  private final HeaderMap[] requests;
  private final HeaderMap response = new HeaderMap();

  UndertowPeer(List<String> backends, String[] ids) {
    super(backends, ids.length);
    this.ids = ids;
    this.requests = new HeaderMap[ids.length];
    for (int session = 0; session < ids.length; session++) {
      requests[session] = new HeaderMap();
    }
    serve(backends);
  }

  @Override
  public Object route(int session) {
    return client.select(new HttpServerExchange(connection, requests[session], response, -1));
  }

  /** Runs on an I/O thread, as Undertow requires if there is no route. */
  @Override
  public List<String> visit() {
    return CompletableFuture.supplyAsync(super::visit, connection.getIoThread()).join();
  }

  @Override
  String request(int session) {
    String id = ((LoadBalancingProxyClient.Host) route(session)).getUri().getHost();
    requests[session].put(Headers.COOKIE, LimpetPeer.cookies(ids[session] + '.' + id));
    return id;
  }

  @Override
  void serve(List<String> backends) {
    for (String id : List.copyOf(hosts)) {
      if (!backends.contains(id)) {
        client.removeHost(URI.create(SCHEME + id));
        hosts.remove(id);
      }
    }
    for (String id : backends) {
      if (!hosts.contains(id)) {
        client.addHost(URI.create(SCHEME + id), id);
        hosts.add(id);
      }
    }
  }

  /** Makes its decision accessible to this package. */
  private static final class ProxyClient extends LoadBalancingProxyClient {
    Host select(HttpServerExchange exchange) {
      return selectHost(exchange);
    }
  }

  /**
   * Returns a connection of a client that has sent one request. The threads of its server end with
   * the process.
   */
  private static ServerConnection connection() {
    CompletableFuture<ServerConnection> accepted = new CompletableFuture<>();
    Undertow server = Undertow.builder()
        .addHttpListener(0, "127.0.0.1", exchange -> accepted.complete(exchange.getConnection()))
        .setIoThreads(1)
        .setWorkerThreads(1)
        .setWorkerOption(Options.THREAD_DAEMON, true)
        .build();
    server.start();
    try {
      InetSocketAddress address =
          (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
      try (Socket client = new Socket(address.getAddress(), address.getPort())) {
        client
            .getOutputStream()
            .write("GET / HTTP/1.1\r\nHost: web\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return accepted.orTimeout(10, TimeUnit.SECONDS).join();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
